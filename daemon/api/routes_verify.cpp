#include "api/context_impl.h"
#include "api/problem_impl.h"
#include "api/shapes_impl.h"
#include "api/signature_chain_impl.h"
#include "api/verification.h"

namespace croft::api {
namespace {

constexpr unsigned at_once = 2;
constexpr std::size_t piece_bytes = 1024 * 1024;

/// One upload on its way through the hashes: pieces are gathered on the loop, hashed on the pool,
/// and forgotten, but for what may be a document of ours, which is read once its signature is
/// known. The next is read when the last is done, so that memory stays constant.
class Verification : public std::enable_shared_from_this<Verification> {
public:
    Verification(Context& context, Call call, std::shared_ptr<http::BodyStream> body,
                 SignatureFile signature)
        : context_(context),
          call_(std::move(call)),
          body_(std::move(body)),
          signature_(std::move(signature)) {
        ++context_.verifications;
    }
    Verification(const Verification&) = delete;
    Verification& operator=(const Verification&) = delete;
    ~Verification() { --context_.verifications; }

    void read() {
        body_->read([self = shared_from_this()](Result<std::string> piece) {
            if (!piece) return self->call_.reply(piece.error());
            const bool is_end = piece->empty();
            self->gathered_ += *piece;
            if (!is_end && self->gathered_.size() < piece_bytes) return self->read();
            self->hash(is_end);
        });
    }

private:
    /// What the pool works on, one piece at a time.
    struct Upload {
        trust::Blake2b blake2b;
        trust::Sha256Stream sha256;
        std::string document;  ///< as long as it may be one
        std::uint64_t size = 0;

        void take(const std::string& bytes) {
            blake2b.update(as_bytes(bytes));
            sha256.update(as_bytes(bytes));
            const bool begins_as_one = size > 0 || is_object(bytes);
            const bool is_kept = begins_as_one && size == document.size() &&
                                 size + bytes.size() <= catalog::Release::size_cap;
            size += bytes.size();
            is_kept ? document.append(bytes) : document.assign("");
        }
        static bool is_object(std::string_view bytes) {
            const auto start = bytes.find_first_not_of("\xEF\xBB\xBF \t\r\n");
            return start != bytes.npos && bytes[start] == '{';
        }
    };

    void hash(bool is_end) {
        const auto started = context_.modules.pool.run(
            Pool::Lane::quick,
            [upload = upload_, bytes = std::exchange(gathered_, {})](const std::stop_token&) {
                upload->take(bytes);
                return true;
            },
            [self = shared_from_this(), is_end](bool) {
                is_end ? self->judge_upload() : self->read();
            });
        if (!started) call_.reply(started.error());
    }

    void judge_upload() {
        const auto started = context_.modules.pool.run(
            Pool::Lane::quick,
            [upload = upload_, signature = signature_, now = context_.clock(),
             publishers = context_.modules.feeds.publishers()](const std::stop_token&) {
                catalog::SignedFile file{upload->blake2b.finish(), {}, {signature.text}};
                if (catalog::means_to_be_document(upload->document))
                    file.document = std::exchange(upload->document, {});
                return api::judge(file, signature.signature, publishers, now);
            },
            [self = shared_from_this()](const Verdict& verdict) { self->reply(verdict); });
        if (!started) call_.reply(started.error());
    }

    void reply(const Verdict& verdict) {
        const std::string word =
            verdict.error ? std::string(name_of(verdict.error->code)) : "valid";
        ++context_.verdicts[word];
        Json shape{{"verdict", word}};
        if (verdict.error) {
            shape["reason"] = verdict.error->reason;
            shape["message"] = verdict.error->message;
        }
        put_text(shape, "name", call_.query("name"));
        shape["size_bytes"] = upload_->size;
        shape["sha256"] = upload_->sha256.finish().hex();
        shape["key_id"] = signature_.signature.key_id.text();
        if (verdict.signer) put_signer(shape, *verdict.signer, !verdict.error);
        call_.reply(shape);
    }

    void put_signer(Json& shape, const KnownKey& signer, bool is_valid) const {
        shape["key"] = key(signer.key);
        shape["publisher"] = signer.publisher.id.hex();
        shape["petname"] = signer.publisher.petname;
        shape["claimed_name"] = signer.publisher.claimed_name;
        shape["fingerprint"] = catalog::fingerprint(signer.publisher.id);
        shape["confirmed"] = signer.publisher.confirmed;
        shape["role"] = signer.role;
        if (is_valid) shape["trusted_comment"] = signature_.signature.trusted_comment;
        const std::string name = call_.query("name");
        if (name.empty()) return;
        shape["command"] = "minisign -HVm " + shell_word(name) + " -P " + signer.key.minisign();
    }

    Context& context_;
    Call call_;
    std::shared_ptr<http::BodyStream> body_;
    SignatureFile signature_;
    std::string gathered_;
    std::shared_ptr<Upload> upload_ = std::make_shared<Upload>();
};

void verify(Context& context, const Call& call, std::shared_ptr<http::BodyStream> body) {
    auto signature = read_signature_header(call.request().header("croft-signature"));
    if (!signature) return call.reply(signature.error());
    if (context.verifications >= at_once) {
        return call.reply(Error{Errc::unavailable, "busy",
                                "two files are being verified already; try again in a moment"});
    }
    std::make_shared<Verification>(context, call, std::move(body), std::move(*signature))->read();
}

}  // namespace

void add_verify_routes(Routes& routes, Context& context) {
    routes.add(
        {.method = "POST",
         .pattern = "/api/v1/verify",
         .access = Access::token,
         .body = Body::stream,
         .handle = nullptr,
         .handle_stream = [&context](const Call& call, std::shared_ptr<http::BodyStream> body) {
             verify(context, call, std::move(body));
         }});
}

}  // namespace croft::api

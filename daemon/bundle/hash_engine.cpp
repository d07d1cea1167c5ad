#include "bundle/hash_engine_impl.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

namespace croft::bundle {
namespace {

/// How many chunks of one file may wait for its sequential hashes.
constexpr std::size_t ring_size = 8;

/// Bounds the buffers: this many big files are begun at most, `ring_size` chunks each.
constexpr std::size_t most_courses = 16;

using Buffer = FileStream::Buffer;

/// A sequential hash of one file: who is next, and whether a thread is at it.
struct Lane {
    void (FileStream::*hash)(std::span<const std::uint8_t>);
    std::uint64_t next = 0;
    bool is_busy = false;
};

/// A chunk between being read and having passed every lane.
struct Slot {
    std::unique_ptr<Buffer> buffer;
    std::uint64_t chunk = 0;
    bool is_read = false;
    std::size_t lanes_left = 0;
};

/// A big file under way. Everything but `stream` is guarded by the engine's mutex.
struct Course {
    std::size_t index;
    FileStream stream;
    std::vector<Lane> lanes;
    std::array<Slot, ring_size> slots;
    std::uint64_t next_read = 0;
    std::size_t jobs_running = 0;
    std::optional<Error> error;

    Course(std::size_t index_, FileStream stream_) : index(index_), stream(std::move(stream_)) {
        // The plain SHA-256 first: it is the longest way through a file.
        if (stream.needs_whole()) lanes.push_back({&FileStream::hash_whole});
        if (stream.needs_pieces()) lanes.push_back({&FileStream::hash_pieces});
    }

    Slot& slot_of(std::uint64_t chunk) { return slots[chunk % ring_size]; }
    bool can_read() { return next_read < stream.chunk_count() && !slot_of(next_read).buffer; }
    bool can_run(const Lane& lane) {
        const Slot& slot = slot_of(lane.next);
        return !lane.is_busy && slot.is_read && slot.chunk == lane.next;
    }
    bool is_over() const {
        if (jobs_running > 0) return false;
        if (error) return true;
        return next_read == stream.chunk_count() &&
               std::ranges::all_of(slots, [](const Slot& slot) { return !slot.buffer; });
    }
};

/// One step that a thread can take without the mutex.
struct Job {
    Course* course = nullptr;
    Lane* lane = nullptr;  ///< null: read
    std::uint64_t chunk = 0;
};

class Engine {
public:
    Engine(const HashBatch& batch, const HashPlan& plan, std::stop_token stop)
        : batch_(batch), plan_(plan), stop_(std::move(stop)) {}

    /// What every thread does.
    void work() {
        Buffer buffer(chunk_size);
        std::unique_lock lock(mutex_);
        while (!must_stop()) {
            if (const auto job = next_job()) {
                run(*job, lock);
            } else if (next_file_ < batch_.count && courses_.size() < most_courses) {
                begin_file(buffer, lock);
            } else if (courses_.empty() && opening_ == 0) {
                break;
            } else {
                changed_.wait(lock);
                continue;
            }
            changed_.notify_all();
        }
        changed_.notify_all();
    }

private:
    bool must_stop() const { return is_stopped_ || stop_.stop_requested(); }

    std::optional<Job> next_job() {
        for (Course& course : courses_) {
            if (course.error) continue;
            for (Lane& lane : course.lanes) {
                if (course.can_run(lane)) return Job{&course, &lane, lane.next};
            }
        }
        for (Course& course : courses_) {
            if (!course.error && course.can_read()) return Job{&course, nullptr, course.next_read};
        }
        return std::nullopt;
    }

    void run(const Job& job, std::unique_lock<std::mutex>& lock) {
        Course& course = *job.course;
        ++course.jobs_running;
        if (job.lane) {
            run_lane(course, *job.lane, lock);
        } else {
            run_read(course, lock);
        }
        --course.jobs_running;
        if (course.is_over()) finish(course, lock);
    }

    void run_lane(Course& course, Lane& lane, std::unique_lock<std::mutex>& lock) {
        Slot& slot = course.slot_of(lane.next);
        const std::span bytes(slot.buffer->data(), course.stream.length_of(lane.next));
        lane.is_busy = true;
        lock.unlock();
        (course.stream.*lane.hash)(bytes);
        lock.lock();
        lane.is_busy = false;
        ++lane.next;
        if (--slot.lanes_left == 0) release(slot);
    }

    void run_read(Course& course, std::unique_lock<std::mutex>& lock) {
        const std::uint64_t chunk = course.next_read++;
        Slot& slot = course.slot_of(chunk);
        slot.buffer = take_buffer();
        slot.chunk = chunk;
        slot.lanes_left = course.lanes.size();
        lock.unlock();
        auto read = course.stream.read(chunk, *slot.buffer);
        if (read) tell(course.stream.length_of(chunk));
        lock.lock();
        slot.is_read = true;
        if (!read) course.error = read.error();
        if (slot.lanes_left == 0) release(slot);
    }

    void begin_file(Buffer& buffer, std::unique_lock<std::mutex>& lock) {
        const std::size_t index = next_file_++;
        ++opening_;
        lock.unlock();
        auto opened = batch_.open(index);
        if (opened && opened->size() > chunk_size) {
            FileStream stream(std::move(*opened), plan_);
            lock.lock();
            courses_.emplace_back(index, std::move(stream));
        } else {
            answer(index, opened ? hash_small(*opened, buffer) : tl::unexpected(opened.error()));
            lock.lock();
        }
        --opening_;
    }

    Result<FileHashes> hash_small(const OpenFile& file, Buffer& buffer) {
        const auto bytes = std::span(buffer).first(file.size());
        if (auto read = file.read(bytes, 0); !read) return tl::unexpected(read.error());
        auto hashes = hash_chunk(bytes, plan_);
        tell(bytes.size());
        if (auto same = file.unchanged(); !same) return tl::unexpected(same.error());
        return hashes;
    }

    void finish(Course& course, std::unique_lock<std::mutex>& lock) {
        const auto at =
            std::ranges::find_if(courses_, [&](const Course& other) { return &other == &course; });
        std::list<Course> ended;
        ended.splice(ended.end(), courses_, at);
        ++opening_;
        for (Slot& slot : course.slots)
            if (slot.buffer) release(slot);
        lock.unlock();
        answer(course.index, course.error ? tl::unexpected(*course.error) : course.stream.finish());
        lock.lock();
        --opening_;
    }

    void answer(std::size_t index, Result<FileHashes> hashes) {
        if (!batch_.done(index, std::move(hashes))) is_stopped_ = true;
    }

    void tell(std::uint64_t bytes) const {
        if (batch_.on_bytes) batch_.on_bytes(bytes);
    }

    std::unique_ptr<Buffer> take_buffer() {
        if (spare_.empty()) return std::make_unique<Buffer>(chunk_size);
        auto buffer = std::move(spare_.back());
        spare_.pop_back();
        return buffer;
    }

    void release(Slot& slot) {
        spare_.push_back(std::move(slot.buffer));
        slot = {};
    }

    const HashBatch& batch_;
    const HashPlan plan_;
    const std::stop_token stop_;
    std::atomic<bool> is_stopped_ = false;

    std::mutex mutex_;  // guards everything below
    std::condition_variable changed_;
    std::size_t next_file_ = 0;
    std::size_t opening_ = 0;    // files that a thread has to itself
    std::list<Course> courses_;  // a list: jobs point into it
    std::vector<std::unique_ptr<Buffer>> spare_;
};

}  // namespace

void hash_batch(const HashBatch& batch, const HashPlan& plan, unsigned threads,
                const std::stop_token& stop) {
    if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
    Engine engine(batch, plan, stop);
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < threads; ++i) {
        helpers.emplace_back([&engine] { engine.work(); });
    }
    engine.work();
}

}  // namespace croft::bundle

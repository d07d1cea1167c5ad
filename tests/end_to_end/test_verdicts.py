"""`croft verify` on a bundle that something happened to: each fault its exit code, its words, its path."""
import os
import pathlib
import shutil
import unittest

from harness import CROFT, EndToEnd, run


class Verdicts(EndToEnd):
    def setUp(self):
        super().setUp()
        self.maker = self.publisher()
        self.maker.publish(self.archive(), "demo")
        self.feed = self.folder / "copy"
        shutil.copytree(self.maker.feed, self.feed)
        self.bundle = self.feed / "bundles/demo-1"
        run("chmod", "-R", "u+w", self.feed)
        self.fingerprint = self.maker.fingerprint()

    def verify(self, *words, expect):
        ran = self.maker.croft("verify", *words, expect=expect)
        return ran.out + ran.err

    def by_fingerprint(self, expect):
        return self.verify(self.bundle, "--fingerprint", self.fingerprint, expect=expect)

    def test_whole_bundle_is_valid(self):
        self.assertIn("valid", self.by_fingerprint(0))
        self.assertIn("valid", self.verify(self.feed, "--fingerprint", self.fingerprint, expect=0))
        self.assertIn("valid", self.verify(self.bundle, "-P", self.maker.public_key(), expect=0))

    def test_one_flipped_byte_is_damaged_and_named(self):
        with open(self.bundle / "data/big.bin", "r+b") as file:
            file.seek(70000)
            byte = file.read(1)
            file.seek(70000)
            file.write(bytes([byte[0] ^ 1]))
        text = self.by_fingerprint(13)
        self.assertIn("DAMAGED", text)
        self.assertRegex(text, r"damaged\s+data/big\.bin")

    def test_one_missing_file_is_named(self):
        (self.bundle / "README.txt").unlink()
        self.assertRegex(self.by_fingerprint(13), r"missing\s+README\.txt")

    def test_one_added_file_is_named(self):
        (self.bundle / "data/added.txt").write_text("not signed")
        self.assertRegex(self.by_fingerprint(13), r"extra\s+data/added\.txt")

    def test_symlink_in_place_of_a_file_is_damaged(self):
        outside = self.folder / "outside"
        shutil.move(self.bundle / "README.txt", outside)
        (self.bundle / "README.txt").symlink_to(outside)
        self.assertRegex(self.by_fingerprint(13), r"damaged\s+README\.txt")

    def test_edited_document_is_an_invalid_signature(self):
        document = self.feed / "releases/demo-1.json"
        document.write_text(document.read_text().replace("CC0-1.0", "CC-BY-4"))
        self.assertIn("INVALID", self.verify(document, "-P", self.maker.public_key(), expect=10))
        self.verify(self.feed, "--fingerprint", self.fingerprint, expect=10)

    def test_swapped_signature_is_invalid(self):
        shutil.copy(self.feed / "catalogue.json.minisig", self.feed / "releases/demo-1.json.minisig")
        self.assertIn("INVALID", self.verify(self.feed / "releases/demo-1.json", "-P", self.maker.public_key(), expect=10))

    def test_unknown_key_is_never_good(self):
        self.assertIn("unknown key", self.verify(self.bundle, expect=11))

    def test_missing_signature_is_said(self):
        (self.feed / "releases/demo-1.json.minisig").unlink()
        self.verify(self.feed / "releases/demo-1.json", "-P", self.maker.public_key(), expect=12)

    def test_other_fingerprint_is_not_this_publisher(self):
        other = self.publisher("other", name="Other Archive")
        self.verify(self.bundle, "--fingerprint", other.fingerprint(), expect=11)

    def test_trusted_publisher_needs_no_flag(self):
        self.maker.croft("trust", "add", self.feed, "--fingerprint", self.fingerprint)
        self.assertIn("valid", self.verify(self.bundle, expect=0))
        self.maker.croft("trust", "remove", self.fingerprint, expect=None)

    def test_no_socket_call_is_made(self):
        trace = self.folder / "trace"
        env = dict(os.environ, HOME=str(self.folder))
        run("strace", "-f", "-e", "trace=%network", "-o", trace, CROFT, "verify", self.bundle, "--fingerprint",
            self.fingerprint, env=env)
        calls = [line for line in trace.read_text().splitlines() if "(" in line and "+++" not in line and "---" not in line]
        self.assertEqual([], calls)

    def test_source_folder_is_never_changed(self):
        archive = pathlib.Path(self.folder / "archive")
        before = {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in archive.rglob("*")}
        self.maker.publish(archive, "demo", expect=None)
        self.assertEqual(before, {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in archive.rglob("*")})


if __name__ == "__main__":
    unittest.main()

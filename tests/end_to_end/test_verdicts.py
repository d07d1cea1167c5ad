"""`croft verify` on a bundle that something happened to: each fault its exit code, its words, its path."""
import os
import pathlib
import shutil
import signal
import subprocess
import time
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

    def test_unreadable_file_is_named_and_the_rest_is_checked(self):
        copy = self.folder / "copy-of-demo"
        shutil.copytree(self.bundle, copy)
        (copy / "README.txt").chmod(0)
        (copy / "empty.txt").write_text("not signed")
        run("chmod", "-R", "a+rX", self.folder, copy.parent)
        (copy / "README.txt").chmod(0)
        program = shutil.copy(CROFT, self.folder / "croft")
        ran = run("setpriv", "--reuid", "65534", "--clear-groups", program, "verify", copy, "-P", self.maker.public_key(),
                  expect=13, env=dict(os.environ, HOME="/nonexistent"))
        self.assertRegex(ran.out, r"damaged\s+README\.txt")
        self.assertRegex(ran.out, r"damaged\s+empty\.txt")

    def test_empty_option_of_a_script_is_wrong_usage(self):
        for option in ("--fingerprint", "--publisher", "--as-of", "-P", "--sig", "--feed"):
            with self.subTest(option=option):
                self.verify(self.bundle, option, "", expect=2)

    def test_an_older_feed_lowers_nothing_that_was_seen(self):
        older = self.folder / "older"
        shutil.copytree(self.feed, older)
        self.maker.publish(self.archive(files={"README.txt": b"newer"}), "demo")
        for feed in (self.maker.feed, older):
            self.maker.croft("trust", "add", feed, "--fingerprint", self.fingerprint)
        self.assertIn("older", self.verify(older, expect=14))
        self.verify(older, "--fingerprint", self.fingerprint, expect=14)
        self.verify(older / "bundles/demo-1", expect=0)
        self.verify(self.maker.feed, expect=0)

    def test_interruption_ends_the_longest_check(self):
        big = self.folder / "big"
        with open(big, "wb") as file:
            file.truncate(1 << 40)
        shutil.copy(self.feed / "catalogue.json.minisig", f"{big}.minisig")
        process = subprocess.Popen([CROFT, "verify", big, "-P", self.maker.public_key()], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        self.assertEqual(130, process.wait(10))

    def test_pipe_is_refused_at_once(self):
        os.mkfifo(self.folder / "pipe")
        shutil.copy(self.feed / "catalogue.json.minisig", self.folder / "pipe.minisig")
        ran = run(CROFT, "verify", self.folder / "pipe", "-P", self.maker.public_key(), expect=1, timeout=10)
        self.assertIn("not a regular file", ran.out)

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

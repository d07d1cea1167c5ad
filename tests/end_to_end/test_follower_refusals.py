"""What a follower does not take, through the real daemon: each refusal with its reason."""
import os
import re
import shutil
import unittest

from harness import EndToEnd, wait_for


class Refusals(EndToEnd):
    def setUp(self):
        super().setUp()
        self.maker = self.publisher()
        self.archive_folder = self.archive()
        self.maker.publish(self.archive_folder, "demo")
        self.old = self.folder / "old"
        shutil.copytree(self.maker.feed, self.old)
        (self.archive_folder / "new.txt").write_text("new in 2")
        self.maker.publish(self.archive_folder, "demo")
        self.live = self.folder / "live"
        shutil.copytree(self.maker.feed, self.live)
        self.server = self.serve(self.live)
        self.follower = self.daemon("b")

    def follow(self):
        self.follower.croft("follow", self.server.url, "--yes", "--name", "p")

    def replace(self, feed):
        shutil.rmtree(self.live)
        shutil.copytree(feed, self.live)

    def check(self):
        """Looks at the feed once and gives the reason it was refused for, or None."""
        self.follower.croft("api", "POST", "/publishers/p/check", expect=None, timeout=100)
        return self.follower.api("/publishers/p").get("problem", {}).get("reason")

    def version(self):
        return self.follower.api("/publishers/p")["catalogue_version"]

    def test_older_feed_is_refused_also_after_restart_and_kill(self):
        self.follow()
        newest = self.version()
        self.replace(self.old)
        self.assertIn("rollback", self.check() or "")
        for end in (self.follower.stop, self.follower.kill):
            end()
            self.follower.start()
            self.assertIn("rollback", self.check() or "")
            self.assertEqual(newest, self.version())

    def test_feed_signed_by_another_key_is_refused(self):
        self.follow()
        other = self.publisher("other", name="Other")
        other.publish(self.archive_folder, "demo")
        for name in ("catalogue.json", "catalogue.json.minisig"):
            shutil.copy(other.feed / name, self.live / name)
        self.assertIsNotNone(self.check())
        self.assertTrue(self.follower.releases())

    def test_torrent_that_differs_from_its_release_is_refused(self):
        self.follow()
        shutil.copy(self.live / "torrents/demo-1.torrent", self.live / "torrents/demo-2.torrent")
        ran = self.follower.croft("get", "demo-2", expect=None, timeout=60)
        self.assertNotEqual(0, ran.code)
        self.assertNotEqual("held", self.follower.releases()["demo-2"]["state"])

    def test_feed_of_100_mb_is_cut_off(self):
        self.follow()
        self.server.override = lambda path: b"x" * 100_000_000 if path.startswith("/catalogue.json") else None
        self.assertEqual("too_large", self.check())

    def test_server_that_never_ends_is_cut_off(self):
        self.follow()

        def endless(handler):
            handler.send_response(200)
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(os.urandom(65536))
            except OSError:
                pass

        self.server.override = lambda path: endless if path.startswith("/catalogue.json") else None
        self.assertIsNotNone(self.check())

    def test_pair_caught_in_mid_publish_is_taken_on_the_second_look(self):
        (self.archive_folder / "newer.txt").write_text("new in 3")
        before = (self.live / "catalogue.json.minisig").read_bytes()
        self.maker.publish(self.archive_folder, "demo")
        self.follow()
        first = self.version()
        self.replace(self.maker.feed)
        asked = []

        def half(path):
            if path.startswith("/catalogue.json.minisig") and not asked:
                asked.append(path)
                return before
            return None

        self.server.override = half
        self.assertIsNone(self.check())
        self.assertEqual(first + 1, self.version())
        self.assertTrue(asked)

    def test_foreign_documents_change_nothing_that_is_held(self):
        self.follow()
        before = self.follower.releases()
        (self.live / "catalogue.json").write_text(re.sub("demo", "evil", (self.live / "catalogue.json").read_text()))
        self.assertIsNotNone(self.check())
        self.assertEqual(before.keys(), self.follower.releases().keys())

    def test_expired_feed_is_kept_fetched_and_labelled_stale(self):
        seeder = self.daemon("a")
        seeder.croft("seed", self.maker.feed)
        later = self.daemon("c", launcher=("faketime", "-f", "+3000d"))
        later.croft("follow", self.live, "--yes", "--name", "p", "--peer", seeder.address())
        wait_for("the label", lambda: later.api("/publishers/p")["stale"])
        later.croft("get", "demo-2")


if __name__ == "__main__":
    unittest.main()

"""What people type: the first minute, slips, copies, and the words that come back."""
import json
import os
import stat
import unittest

from harness import CROFT, EndToEnd, run


class WithoutADaemon(EndToEnd):
    def croft(self, *words, **options):
        return run(CROFT, "--socket", self.folder / "none.sock", *words, env=dict(os.environ, HOME=str(self.folder)), **options)

    def test_croft_alone_tells_a_newcomer_what_there_is(self):
        self.assertIn("croft follow URI", self.croft().out)

    def test_every_command_that_needs_one_says_how_to_start_it(self):
        for words in (["get", "wiki-1"], ["show", "wiki-1"], ["share", "p2pf"], ["unfollow", "p2pf"], ["list"], ["mirror", "plan"]):
            self.assertIn("croftd &", self.croft(*words, expect=6).err, words)

    def test_a_group_shows_its_help_under_its_whole_name(self):
        self.assertIn("croft mirror [OPTIONS]", self.croft("mirror").out)

    def test_config_check_says_where_no_file_is(self):
        self.assertFalse(self.croft("config", "check", "--json").json["exists"])
        self.croft("config", "check", self.folder / "absent.toml", expect=5)

    @unittest.skipIf(os.geteuid() != 0, "becomes nobody")
    def test_a_socket_of_somebody_else_is_not_taken_for_an_absent_daemon(self):
        daemon = self.daemon("a")
        os.chmod(self.folder, 0o755)
        for folder in (daemon.folder, daemon.socket.parent):
            os.chmod(folder, 0o755)
        os.chmod(daemon.socket, 0o600)
        refused = run("setpriv", "--reuid=65534", "--clear-groups", CROFT, "--socket", daemon.socket, "status", expect=4)
        self.assertIn("you may not speak", refused.err)


class WithADaemon(EndToEnd):
    def setUp(self):
        super().setUp()
        self.maker = self.publisher()
        self.maker.publish(self.archive(), "demo")
        self.daemon_ = self.daemon("a")
        self.croft = self.daemon_.croft

    def test_croft_alone_says_how_it_stands(self):
        self.assertIn("problems none", self.croft().out)
        self.assertIn("releases", self.croft("--json").json)

    def test_a_fingerprint_that_was_given_is_asked_for_no_more(self):
        wrong = self.croft("follow", self.maker.feed, "--fingerprint", "49XH-7594-88BA-66D7-KJHK", expect=None)
        self.assertNotEqual(0, wrong.code)
        followed = self.croft("follow", self.maker.feed, "--fingerprint", self.maker.fingerprint())
        self.assertNotIn("provisionally", followed.err)
        self.assertTrue(self.croft("publishers", "--json").json["publishers"][0]["confirmed"])
        self.assertIn("nothing new", self.croft("publishers", self.petname(), "--check").out)

    def test_filters_that_are_none_are_named(self):
        self.croft("seed", self.maker.feed)
        self.assertIn("wiki", self.croft("list", "--kind", "foo", expect=2).err)
        self.assertIn("publisher", self.croft("list", "--sort", "foo", expect=2).err)
        self.croft("list", "--publisher", "nobody", expect=5)
        self.assertIn("croft list", self.croft("list", "--kind", "wiki").out)

    def test_a_release_is_found_by_every_hash_that_is_shown_of_it(self):
        self.croft("seed", self.maker.feed)
        shown = self.croft("show", "demo-1", "--json").json
        for name in (shown["btih"], "1220" + shown["id"], shown["id"]):
            self.assertEqual("demo", self.croft("show", name, "--json").json["name"], name)
        self.assertIn("there is demo-1", self.croft("show", "demo", expect=5).err)

    def test_a_copy_is_what_was_signed_or_is_refused(self):
        self.croft("seed", self.maker.feed)
        out = self.folder / "out"
        self.croft("get", "demo-1", "-o", out)
        run("sha256sum", "--quiet", "-c", "SHA256SUMS", cwd=out / "demo-1")
        readme = out / "demo-1/README.txt"
        self.assertEqual(0o666 & ~self.umask(), stat.S_IMODE(readme.stat().st_mode))
        self.croft("get", "demo-1", "-o", out)
        readme.write_bytes(b"hallo\n")
        refused = self.croft("get", "demo-1", "-o", out, expect=None)
        self.assertNotEqual(0, refused.code)
        self.assertIn("README.txt", refused.err)
        self.assertEqual(b"hallo\n", readme.read_bytes())

    def test_a_budget_is_a_size_and_is_shown_where_settings_are(self):
        self.croft("mirror", "budget", "500", expect=2)
        self.assertIn("more than the disk has", self.croft("mirror", "budget", "900TiB").err)
        shown = {row["key"]: row for row in self.croft("config", "show", "--json").json["settings"]}
        self.assertIn("900 TiB", self.croft("config", "show").out)
        self.assertEqual((str(900 << 40), "set"), (shown["mirror.budget"]["value"], shown["mirror.budget"]["origin"]))

    def test_a_one_time_link_is_the_only_line_of_the_result(self):
        self.assertRegex(self.croft("open", "--print").out, r"\Ahttp://127\.0\.0\.1:\d+/#c=\S+\n\Z")

    def test_a_raw_call_needs_no_slash(self):
        self.assertEqual(json.loads(self.croft("api", "GET", "status").out)["problems"], [])

    def test_a_qr_code_is_plain_in_a_file(self):
        self.croft("seed", self.maker.feed)
        drawn = self.croft("share", self.petname(), "--qr", env=dict(self.daemon_.environment(), LC_ALL="C.UTF-8")).out
        self.assertIn("█", drawn)
        self.assertNotIn("\x1b", drawn)

    def test_a_dropped_bundle_of_ones_own_keeps_its_files(self):
        self.croft("seed", self.maker.feed)
        dropped = self.croft("mirror", "drop", "demo-1", "--yes")
        self.assertIn("its files are where they were", dropped.out)
        run("sha256sum", "--quiet", "-c", "SHA256SUMS", cwd=self.maker.feed / "bundles/demo-1")

    def petname(self):
        return self.croft("publishers", "--json").json["publishers"][0]["petname"]

    @staticmethod
    def umask():
        mask = os.umask(0)
        os.umask(mask)
        return mask


if __name__ == "__main__":
    unittest.main(verbosity=2)

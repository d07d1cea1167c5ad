"""Keys, publishers and releases by the command alone: no daemon, no network."""
import json
import os
import pty
import re
import select
import signal
import stat
import subprocess
import time
import unittest

from harness import CROFT, TESTDATA, EndToEnd, needs, run


class Keys(EndToEnd):
    def setUp(self):
        super().setUp()
        self.env = dict(os.environ, HOME=str(self.folder), XDG_CONFIG_HOME=str(self.folder / "config"))
        self.key = self.folder / "config/croft/keys/daily.key"

    def croft(self, *words, **options):
        return run(CROFT, *words, env=self.env, **options)

    def password_file(self, password):
        path = self.folder / f"password-{len(password)}"
        path.write_text(password + "\n")
        return path

    def minisign(self, password):
        """Stock minisign signs with our key and checks with the public half."""
        document = self.folder / "document"
        document.write_text("text\n")
        run("minisign", "-SHm", document, "-s", self.key, "-t", "test", input=password + "\n")
        run("minisign", "-HVm", document, "-p", self.key.with_suffix(".pub"))

    def test_new_key_is_locked_private_and_read_by_stock_minisign(self):
        shown = self.croft("key", "new", "daily", "--kdf", "moderate", "--password-file", self.password_file("secret"), "--json")
        self.assertEqual(0o600, stat.S_IMODE(self.key.stat().st_mode))
        self.assertEqual(0o700, stat.S_IMODE(self.key.parent.stat().st_mode))
        self.assertEqual(shown.json["public_key"], self.croft("key", "show", "daily", "--json").json["public_key"])
        self.minisign("secret")

    def test_password_is_changed_and_taken_away(self):
        old, new = self.password_file("old one"), self.password_file("new")
        self.croft("key", "new", "daily", "--kdf", "moderate", "--password-file", old)
        public = self.key.with_suffix(".pub").read_text()
        self.croft("key", "password", "daily", "--kdf", "moderate", "--password-file", old, "--new-password-file", new)
        self.minisign("new")
        refused = self.croft("key", "password", "daily", "--password-file", old, "--no-password", expect=4)
        self.assertIn("wrong password", refused.err)
        self.croft("key", "password", "daily", "--password-file", new, "--no-password")
        self.assertEqual(public, self.key.with_suffix(".pub").read_text())
        run("minisign", "-WSHm", self.folder / "document", "-s", self.key)
        run("minisign", "-HVm", self.folder / "document", "-p", self.key.with_suffix(".pub"))

    def test_key_is_never_overwritten(self):
        self.croft("key", "new", "daily", "--no-password")
        before = self.key.read_bytes()
        self.croft("key", "new", "daily", "--no-password", expect=1)
        self.assertEqual(before, self.key.read_bytes())

    def test_key_that_others_may_read_is_refused(self):
        self.croft("key", "new", "daily", "--no-password")
        self.key.chmod(0o644)
        refused = self.croft("key", "password", "daily", "--no-password", expect=4)
        self.assertIn("chmod 600", refused.err)

    def test_without_a_terminal_it_says_what_to_do(self):
        refused = run("setsid", "--wait", CROFT, "key", "new", "daily", env=self.env, expect=1)
        self.assertIn("--password-file", refused.err)
        self.assertFalse(self.key.exists())

    def at_terminal(self, words, *typed):
        """Runs a command on a terminal of its own; gives its exit code and all that the terminal showed."""
        child, terminal = pty.fork()
        if child == 0:
            os.execve(CROFT, [str(CROFT), *words], self.env)
        shown, waiting = "", list(typed)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            try:
                shown += os.read(terminal, 4096).decode(errors="replace")
            except OSError:
                break
            if waiting and shown.rstrip().endswith(waiting[0][0]):
                time.sleep(0.1)
                os.write(terminal, waiting.pop(0)[1].encode())
                shown += " "
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown

    def test_typed_passwords_do_not_show(self):
        code, shown = self.at_terminal(["key", "new", "daily", "--kdf", "moderate"], ("password:", "hidden\n"),
                                       ("again:", "hidden\n"))
        self.assertEqual(0, code, shown)
        self.assertNotIn("hidden", shown)
        self.minisign("hidden")

    def test_two_passwords_that_differ_make_no_key(self):
        code, shown = self.at_terminal(["key", "new", "daily"], ("password:", "one\n"), ("again:", "two\n"))
        self.assertEqual(2, code, shown)
        self.assertFalse(self.key.exists())

    def test_interrupt_at_the_password_ends_it(self):
        code, shown = self.at_terminal(["key", "new", "daily"], ("password:", "\x03"))
        self.assertEqual(130, code, shown)
        self.assertFalse(self.key.exists())


class Publishing(EndToEnd):
    def setUp(self):
        super().setUp()
        self.maker = self.publisher()
        self.source = self.archive()

    def journal(self):
        path = self.maker.feed.with_name("feed.journal")
        return path.read_text() if path.exists() else ""

    def test_dry_run_says_what_would_be_fetched_and_changes_nothing(self):
        before = sorted((p, p.stat().st_mtime_ns) for p in self.maker.folder.rglob("*"))
        planned = self.maker.publish(self.source, "demo", "--dry-run", "--json").json
        self.assertEqual(before, sorted((p, p.stat().st_mtime_ns) for p in self.maker.folder.rglob("*")))
        done = self.maker.publish(self.source, "demo", "--json").json
        self.assertEqual(planned["first_fetch_bytes"], done["first_fetch_bytes"])
        self.assertEqual(planned["total_size"], done["total_size"])

    def test_same_input_and_date_give_the_same_feed(self):
        feeds = []
        for name in ("one", "two"):
            feed = self.folder / name
            env = dict(os.environ, XDG_CONFIG_HOME=str(self.maker.folder / "config"), SOURCE_DATE_EPOCH="1700000000")
            run(CROFT, "publisher", "new", "--feed", feed, "--name", "Same", "--root-key", "root", "--key", "daily", env=env)
            run(CROFT, "publish", self.source, "--feed", feed, "--name", "demo", "--title", "Demo", "--licence", "CC0-1.0",
                "--lang", "en", "--key", "daily", env=env)
            feeds.append({str(p.relative_to(feed)): p.read_bytes() for p in feed.rglob("*") if p.is_file()})
        self.assertEqual(feeds[0], feeds[1])

    def test_secrets_are_refused_by_name_until_allowed(self):
        (self.source / "LocalSettings.php").write_text("<?php $wgDBpassword = 'x';")
        refused = self.maker.publish(self.source, "demo", expect=1)
        self.assertIn("LocalSettings.php", refused.err)
        self.assertIn("--allow", refused.err)
        self.assertFalse((self.maker.feed / "catalogue.json").exists())
        self.maker.publish(self.source, "demo", "--allow", "LocalSettings.php")

    @needs("wiki/p2pfoundation")
    def test_truncated_wiki_dump_is_refused_with_the_place(self):
        whole = TESTDATA / "wiki/p2pfoundation/p2pwiki-sample-pages-current.xml.bz2"
        (self.source / "dump.xml.bz2").write_bytes(whole.read_bytes()[:2_000_000])
        refused = self.maker.publish(self.source, "wiki", expect=1)
        self.assertRegex(refused.err, r"dump\.xml\.bz2 .*line [0-9,]+, byte [0-9,]+ .*whole pages")
        (self.source / "dump.xml.bz2").write_bytes(whole.read_bytes())
        self.assertEqual([{"path": "dump.xml.bz2", "pages": 2000}],
                         self.maker.publish(self.source, "wiki", "--json").json["lint"]["wiki_dumps"])

    def test_interrupt_leaves_no_half_release(self):
        with open(self.source / "large.bin", "wb") as large:
            large.truncate(4 << 30)
        before = sorted(self.maker.feed.rglob("*"))
        env = dict(os.environ, XDG_CONFIG_HOME=str(self.maker.folder / "config"))
        words = [CROFT, "publish", self.source, "--feed", self.maker.feed, "--name", "demo", "--title", "Demo", "--licence",
                 "CC0-1.0", "--lang", "en", "--key", "daily", "--in-place"]
        with subprocess.Popen([str(word) for word in words], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.readline()  # the date: it has begun
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            self.assertEqual(130, process.wait(60))
        self.assertEqual(before, sorted(self.maker.feed.rglob("*")))
        self.assertEqual("", self.journal())

    def test_second_edition_tells_what_followers_fetch(self):
        self.maker.publish(self.source, "demo")
        (self.source / "new.txt").write_text("new\n")
        done = self.maker.publish(self.source, "demo", "--json").json
        self.assertEqual(("demo", 2, "demo-1"), (done["name"], done["serial"], done["previous"]))
        blocks = 4 * 16_384  # new.txt, SHA256SUMS and its signature, ro-crate-metadata.json
        self.assertLess(done["update_bytes"] - blocks, 20_000)
        self.assertIn("Nothing has changed since demo-2", self.maker.publish(self.source, "demo").out)

    def test_all_that_is_missing_is_said_at_once(self):
        words = {"--feed": self.maker.feed, "--name": "demo", "--title": "T", "--licence": "CC0-1.0", "--lang": "en",
                 "--key": "daily"}
        for left_out in ("--name", "--title", "--licence", "--lang", "--key"):
            given = [word for option, value in words.items() if option != left_out for word in (option, value)]
            refused = self.maker.croft("publish", self.source, *given, expect=2)
            self.assertIn(left_out + " is missing", refused.err)
        refused = self.maker.croft("publish", expect=2)
        for word in ("FOLDER", *words):
            self.assertIn(word, refused.err)
        self.assertIn("croft publish ~/wiki", refused.err)

    def test_next_edition_says_what_the_last_one_said(self):
        self.maker.publish(self.source, "demo", "--author", "Jane", kind="papers", title="My Papers")
        again = ["publish", "--feed", self.maker.feed, "--name", "demo", "--key", "daily", self.source]
        self.assertIn("Nothing has changed since demo-1", self.maker.croft(*again).out)
        (self.source / "new.txt").write_text("new\n")
        self.maker.croft(*again, "--licence", "CC-BY-4.0")
        second = json.loads((self.maker.feed / "releases/demo-2.json").read_text())
        self.assertEqual(("papers", {"en": "My Papers"}, "CC-BY-4.0", [{"name": "Jane"}]),
                         tuple(second[member] for member in ("kind", "title", "licence", "authors")))

    def test_licence_that_nobody_knows_is_asked_back(self):
        for typed, meant in (("CC0", "CC0-1.0"), ("CC-BY-SA", "CC-BY-SA-4.0"), ("cc-by-4.0", "CC-BY-4.0"), ("Apache-20", "Apache-2.0")):
            refused = self.maker.croft("publish", self.source, "--feed", self.maker.feed, "--name", "demo", "--title", "T",
                                       "--licence", typed, "--lang", "en", "--key", "daily", expect=2)
            self.assertIn(f"did you mean {meant}?", refused.err)

    def test_feed_from_a_backup_is_refused_until_the_publisher_goes_on(self):
        self.maker.publish(self.source, "demo")
        names = ("catalogue.json", "catalogue.json.minisig", "beacon.json", "beacon.json.minisig")
        backup = {name: (self.maker.feed / name).read_bytes() for name in names}
        (self.source / "new.txt").write_text("new\n")
        self.maker.publish(self.source, "demo")
        for name, content in backup.items():
            (self.maker.feed / name).write_bytes(content)
        refused = self.maker.publish(self.source, "other", expect=1)
        self.assertIn("--accept-older-feed", refused.err)
        self.maker.publish(self.source, "other", "--accept-older-feed")
        self.assertTrue((self.maker.feed / "bundles/demo-2/new.txt").exists())

    def test_date_ahead_of_the_clock_must_be_meant(self):
        refused = self.maker.publish(self.source, "demo", "--date", "2100-01-01", expect=1)
        self.assertIn("--date-ahead", refused.err)
        self.maker.publish(self.source, "demo", "--date", "2100-01-01", "--date-ahead")
        (self.source / "new.txt").write_text("new\n")
        refused = self.maker.publish(self.source, "demo", expect=1)
        today = re.search(r"--date (\S+Z)", refused.err)[1]
        self.maker.publish(self.source, "demo", "--date", today)

    def test_feed_and_source_lie_apart(self):
        refused = self.maker.publish(self.maker.folder, "demo", expect=2)
        self.assertIn("lie one in the other", refused.err)

    def test_bundle_can_be_read_by_a_web_server_whatever_the_umask(self):
        old = os.umask(0o077)
        self.addCleanup(os.umask, old)
        self.maker.publish(self.source, "demo")
        for path in self.maker.feed.rglob("*"):
            self.assertEqual(0o755 if path.is_dir() else 0o644, stat.S_IMODE(path.stat().st_mode), path)

    def test_many_small_files_are_said_to_cost_more(self):
        for i in range(100):
            (self.source / f"{i}.txt").write_text(f"{i}\n")
        self.assertIn("on the wire: many small files", self.maker.publish(self.source, "demo").out)

    def test_names_that_were_mapped_are_shown(self):
        (self.source / "what?.txt").write_text("x")
        out = self.maker.publish(self.source, "demo").out
        self.assertIn("croft-names.tsv", out)
        self.assertIn("what?.txt is ", out)

    def test_publisher_without_an_address_says_how_to_be_followed(self):
        shown = self.maker.croft("publisher", "show", "--feed", self.maker.feed).out
        self.assertIn("finds no feed", shown)
        feed = self.folder / "addressed"
        made = self.maker.croft("publisher", "new", "--feed", feed, "--name", "A", "--root-key", "root", "--key", "daily",
                                "--address", "https://example.org/feed/").out
        self.assertIn("to follow    magnet:", made)
        self.assertNotIn("finds no feed", made)

    def test_missing_key_of_a_publisher_says_how_to_make_it(self):
        refused = self.maker.croft("publisher", "new", "--feed", self.folder / "f", "--name", "A", "--single-key", "one", expect=5)
        self.assertIn("croft key new one", refused.err)
        there = self.maker.croft("publisher", "new", "--feed", self.folder / "f", "--name", "A", expect=1)
        self.assertIn("root.key exists already", there.err)

    def test_keys_are_listed(self):
        listed = self.maker.croft("key", "list", "--json").json["keys"]
        self.assertEqual(["daily", "root"], [key["name"] for key in listed])
        self.assertEqual(self.maker.public_key(), listed[0]["public_key"])
        self.assertIn(self.maker.public_key(), self.maker.croft("key", "list").out)

    def test_refresh_renews_the_beacon(self):
        self.maker.publish(self.source, "demo")
        before = (self.maker.feed / "catalogue.json").read_bytes()
        done = self.maker.croft("publish", "refresh", "--feed", self.maker.feed, "--key", "daily", "--json").json
        self.assertEqual((2, False), (done["beacon_serial"], done["catalogue_renewed"]))
        self.assertEqual(before, (self.maker.feed / "catalogue.json").read_bytes())
        run("minisign", "-HVm", self.maker.feed / "beacon.json", "-P", self.maker.public_key())

    def test_publisher_shows_the_fingerprint_that_stock_tools_compute(self):
        shown = self.maker.croft("publisher", "show", "--feed", self.maker.feed, "--json").json
        self.assertEqual(self.maker.fingerprint(), shown["fingerprint"])
        self.assertIn("x.pub=" + shown["id"], shown["uri"])

    def test_two_of_three_root_keys_make_a_publisher(self):
        for name in ("r1", "r2", "r3"):
            self.maker.croft("key", "new", name, "--no-password")
        keys = self.maker.folder / "config/croft/keys"
        feed = self.folder / "institution"
        words = ["publisher", "new", "--feed", feed, "--name", "Institution", "--root-key", "r1", "--threshold", "2", "--key",
                 "daily", "--root-key", keys / "r3.pub"]
        self.assertIn("2 root keys must sign", self.maker.croft(*words, expect=4).err)
        self.maker.croft(*words, "--root-key", "r2")
        self.assertEqual(2, len(list(feed.glob("publisher.1.json*.minisig"))))

    def test_single_key_says_what_it_costs(self):
        feed = self.folder / "single"
        made = self.maker.croft("publisher", "new", "--feed", feed, "--name", "Single", "--single-key", "daily")
        self.assertIn("nobody can ever publish under this name again", made.err)

    def test_inspect_tells_what_things_say(self):
        self.maker.publish(self.source, "demo")
        feed = self.maker.feed
        inspect = lambda thing: self.maker.croft("inspect", thing, "--json").json
        torrent = inspect(feed / "torrents/demo-1.torrent")
        self.assertEqual(("torrent", "demo-1"), (torrent["what"], torrent["says"]["name"]))
        self.assertNotIn("refused", torrent["says"])
        self.assertEqual("croft.catalogue/1", inspect(feed / "catalogue.json")["what"])
        self.assertEqual("croft.catalogue/1 version=1",
                         inspect(feed / "catalogue.json.minisig")["says"]["trusted_comment"])
        uri = self.maker.croft("publisher", "show", "--feed", feed, "--json").json["uri"]
        self.assertEqual(self.maker.fingerprint(), inspect(uri)["says"]["fingerprint"])
        key = self.maker.folder / "config/croft/keys/daily.key"
        secret = inspect(key)
        self.assertEqual("minisign secret key", secret["what"])
        self.assertNotIn(key.read_text().split("\n")[1][80:120], json.dumps(secret))
        self.assertEqual("minisign public key", inspect(key.with_suffix(".pub"))["what"])
        self.assertIn("README.txt", self.maker.croft("inspect", self.source / "README.txt", expect=1).err)
        self.assertIn("croft publisher show", self.maker.croft("inspect", feed, expect=2).err)
        shown = self.maker.croft("inspect", feed / "releases/demo-1.json").out
        self.assertNotIn("{", shown)
        self.assertRegex(shown, r"total_size +1\.0 MiB")
        self.assertRegex(shown, "path README.txt, .*size 6 B")


if __name__ == "__main__":
    unittest.main()

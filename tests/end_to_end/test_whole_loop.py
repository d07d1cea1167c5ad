"""Publish, seed, follow, mirror, verify: the loop on the P2P Foundation's real wiki, papers and media."""
import shutil
import subprocess
import unittest

from harness import TESTDATA, EndToEnd, needs, run


class WholeLoop(EndToEnd):
    def real_archives(self):
        """Four releases: the wiki as a dump and as its folder of articles, papers, media."""
        articles = self.folder / "articles"
        articles.mkdir()
        subprocess.run(["tar", "-xJf", TESTDATA / "wiki/p2pfoundation/p2pwiki-sample.tar.xz", "-C", articles], check=True)
        dump = self.folder / "dump"
        dump.mkdir()
        shutil.copy(TESTDATA / "wiki/p2pfoundation/p2pwiki-sample-pages-current.xml.bz2", dump)
        return {"wiki-dump": (dump, "wiki"), "wiki": (articles, "wiki"), "papers": (TESTDATA / "papers/jose", "papers"),
                "media": (TESTDATA / "media", "media")}

    @needs("wiki/p2pfoundation")
    def test_real_archives_travel_from_publisher_to_three_followers(self):
        publisher = self.publisher(name="P2P Foundation")
        for name, (folder, kind) in self.real_archives().items():
            publisher.publish(folder, name, kind=kind, timeout=300)
        names = ["media-1", "papers-1", "wiki-1", "wiki-dump-1"]

        a = self.daemon("a")
        a.croft("seed", publisher.feed, timeout=300)
        a.wait_held(*names)
        peer = a.address()

        server = self.serve(publisher.feed)
        b, c, d = (self.daemon(name) for name in "bcd")
        b.croft("follow", publisher.feed, "--peer", peer, "--yes")
        c.croft("follow", server.url, "--peer", peer, "--yes", "--fingerprint", publisher.fingerprint())
        d.croft("follow", publisher.feed, "--peer", peer, "--yes")
        for follower in (b, c):
            follower.croft("mirror", "budget", "10GiB")
            follower.wait_held(*names, seconds=300)
        d.croft("get", "papers-1", timeout=300)

        for follower in (b, c):
            for name in names:
                self.verify_every_way(follower.bundle(name), publisher)
        self.verify_every_way(d.bundle("papers-1"), publisher)
        states = {name: release["state"] for name, release in d.releases().items()}
        self.assertEqual({"papers-1": "held"}, {n: s for n, s in states.items() if s != "offered"},
                         "without a budget nothing is fetched by itself")

    def verify_every_way(self, bundle, publisher):
        run("minisign", "-HVm", "SHA256SUMS", "-P", publisher.public_key(), cwd=bundle)
        run("sha256sum", "--quiet", "-c", "SHA256SUMS", cwd=bundle)
        verdict = publisher.croft("verify", bundle, "--fingerprint", publisher.fingerprint(), "--json").json
        self.assertIn("valid", str(verdict))


if __name__ == "__main__":
    unittest.main()

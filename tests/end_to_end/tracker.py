"""A BitTorrent tracker for tests: tells every peer about every other (BEP 3, compact as in BEP 23)."""
import http.server
import socket
import struct
import threading
import urllib.parse


class Tracker:
    def __init__(self):
        tracker = self
        self.peers = set()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                asking = (self.client_address[0], int(query["port"][0]))
                others = b"".join(socket.inet_aton(host) + struct.pack(">H", port)
                                  for host, port in sorted(tracker.peers) if (host, port) != asking)
                tracker.peers.add(asking)
                body = b"d8:intervali5e5:peers%d:%se" % (len(others), others)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/announce"

    def add(self, address):
        host, port = address.rsplit(":", 1)
        self.peers.add((host, int(port)))

    def close(self):
        self.server.shutdown()
        self.server.server_close()

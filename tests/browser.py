"""Drive headless Chromium over a pipe (DevTools protocol): no socket, no package, no network.

The browser reads commands from file descriptor 3 and answers on 4, JSON ended by a zero byte. It
ends by itself when the pipe closes.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

#: None where there is no such browser, or no way to hand it the pipe.
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None
) if os.name == "posix" else None  # fmt: skip
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--mute-audio", "--remote-debugging-pipe", "--lang=en",
)  # fmt: skip
#: Puts the two pipes where the browser looks for them, and becomes the browser.
_BEFORE = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
_SECONDS = 60.0
_KEY_CODES = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38}


class Browser:
    """One page in one browser: type, click, ask, look."""

    def __init__(self, write_to, read_from):
        self._write_to, self._read_from = write_to, read_from
        self._number, self._rest, self._session = 0, b"", None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """Send one command and wait for its answer; events that come before are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write_to, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + _SECONDS
        while True:
            answer = self._read(until)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
            self.events.append(answer)

    def _read(self, until):
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read_from], [], [], max(0, until - time.monotonic()))
            assert ready, "the browser does not answer"
            more = os.read(self._read_from, 1 << 20)
            assert more, "the browser has gone"
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def open(self, path, fragment="", *, width=1440, height=900):
        """Open a file, and wait until the page says that it is ready."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        self.call("Page.navigate", url=Path(path).as_uri() + fragment)
        self.wait("document.documentElement?.dataset.ready === 'true'")
        self.settle()

    def ask(self, expression):
        """Give the value of an expression in the page."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, expression):
        """Wait until an expression in the page is true."""
        until = time.monotonic() + _SECONDS
        while not self.ask(f"Boolean({expression})"):
            assert time.monotonic() < until, f"never true: {expression}"
            time.sleep(0.02)

    def settle(self):
        """Let two frames go by, so that what was asked for is drawn."""
        self.ask(
            "new Promise(f => requestAnimationFrame(() => requestAnimationFrame(() => f(true))))"
        )

    def click(self, selector):
        """Click in the middle of an element, with the mouse."""
        self.click_at(*self.middle(selector))

    def middle(self, selector):
        """Where the middle of an element is on the screen."""
        box = self.ask(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({ block: 'nearest' }); const r = e.getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        return box[0], box[1]

    def click_at(self, x, y):
        """Click at a point of the window."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.mouse(kind, x, y)
        self.settle()

    def mouse(self, kind, x, y, **more):
        """Move, press or release the left button, or turn the wheel."""
        self.call(
            "Input.dispatchMouseEvent", type=kind, x=x, y=y,
            button="left" if kind in {"mousePressed", "mouseReleased"} else "none", clickCount=1,
            **more,
        )  # fmt: skip

    def write(self, text):
        """Type text into what has the focus."""
        self.call("Input.insertText", text=text)
        self.settle()

    def press(self, key):
        """Press one key."""
        code = _KEY_CODES.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key,
                windowsVirtualKeyCode=code,
                text="\r" if key == "Enter" and kind == "keyDown" else "",
            )  # fmt: skip
        self.settle()

    def screenshot(self):
        """Give a picture of the window as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def pdf(self):
        """Give the page as it prints."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def complaints(self):
        """Errors of the script and of the security policy since the page was opened."""
        self.ask("1")
        return [
            event["params"]
            for event in self.events
            if event.get("method") == "Runtime.exceptionThrown"
            or (
                event.get("method") == "Log.entryAdded"
                and event["params"]["entry"]["level"] == "error"
            )
        ]

    def requests(self):
        """Addresses that the page asked for since it was opened."""
        self.ask("1")
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]


@contextmanager
def browser(profile):
    """Start Chromium with a profile folder of its own, and end it."""
    commands, write_to = os.pipe()
    read_from, answers = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", _BEFORE, str(commands), str(answers), CHROMIUM, *_OPTIONS,
         f"--user-data-dir={profile}", "about:blank"],
        pass_fds=(commands, answers), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(commands)
    os.close(answers)
    try:
        yield Browser(write_to, read_from)
    finally:
        os.close(write_to)
        os.close(read_from)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

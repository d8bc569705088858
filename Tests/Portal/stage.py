"""A browser with people in it: whoever signs in is watched for errors, for requests that leave this
machine, and, page by page, for what axe finds."""
import asyncio, os, pathlib, re, time, urllib.parse

import axe_playwright_python
from playwright.async_api import async_playwright

AXE = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
SIZES = {
    "desktop": dict(viewport={"width": 1280, "height": 900}),
    "telephone": dict(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True),
}
ORGANISATIONS = {
    "provider": ("erin", "emil", "max", "mia", "moe", "dora", "olga"),
    "acme": ("ana", "abe", "adam", "alma"),
    "globex": ("gina", "gus", "greta"),
    "initech": ("ivan", "iris"),
}
# Far beyond what anything takes; the gate's machine is slow.
PATIENCE = 60_000


class Stage:
    """One browser for all people."""

    def __init__(self, url, home, output):
        self.url, self.home, self.output = url, home, pathlib.Path(output)
        self.faults, self.seen, self.seen_by_axe, self.shots = [], set(), set(), 0

    async def __aenter__(self):
        self.playwright = await async_playwright().start()
        self.browser = await self.playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            # The sandbox refuses to run as root.
            chromium_sandbox=os.geteuid() != 0,
            # Whom this browser trusts is what lies in this directory.
            env={**os.environ, "HOME": f"{self.home}/browser"},
            args=["--disable-background-networking", "--disable-component-update", "--no-first-run"])
        return self

    async def __aexit__(self, *_):
        await self.browser.close()
        await self.playwright.stop()

    async def person(self, name, size="desktop", script=True, **options):
        options = {**SIZES[size], "locale": "en-GB", "timezone_id": "Europe/Berlin", **options}
        context = await self.browser.new_context(java_script_enabled=script, **options)
        person = Person(self, name, size, script, context)
        await person.open()
        return person


class Person:
    def __init__(self, stage, name, size, script, context):
        self.stage, self.name, self.size, self.script, self.context = stage, name, size, script, context
        self.organisation = next(
            (org for org, people in ORGANISATIONS.items() if name in people), None)
        self.expected = set()

    async def open(self):
        self.context.set_default_timeout(PATIENCE)
        self.context.on("request", self._request)
        self.page = await self.context.new_page()
        self.watch(self.page)

    def watch(self, page):
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.fault(f"script error: {error}"))
        page.on("response", self._response)

    def fault(self, text):
        self.stage.faults.append(
            f"{self.name} ({self.size}, {'with' if self.script else 'without'} script): {text}")

    def _request(self, request):
        host = urllib.parse.urlparse(request.url).hostname
        if not request.url.startswith(("data:", "blob:")) and host != "localhost":
            self.fault(f"a request left this machine: {request.url}")

    def _console(self, message):
        # A page that says that something was refused is counted by its status.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.fault(f"console: {message.text}")

    def _response(self, response):
        if response.status >= 400 and response.status not in self.expected:
            self.fault(f"{response.status} from {response.request.method} {response.url}")

    # ---- Moving about

    async def sign_in(self, path=None):
        """By the issuer's page; with a path, as whoever follows a link to it."""
        if path is None:
            await self.page.goto(f"{self.stage.url}/sign-in")
            await self.page.locator(f'a[href="/sign-in/{self.organisation}"]').click()
        else:
            await self.page.goto(self.stage.url + path)
            await self.page.locator(f'a[href^="/sign-in/{self.organisation}"]').click()
        await self.page.locator(f'button[value="{self.name}"]').click()
        await self.page.wait_for_url(lambda url: url.startswith(self.stage.url))
        return self

    async def go(self, path, look=None):
        await self.page.goto(self.stage.url + path)
        if look:
            await self.look(look)

    async def press(self, name, exact=False, role=None):
        """A link or a button by what it says."""
        locator = self.page.get_by_role("button", name=name, exact=exact).or_(
            self.page.get_by_role("link", name=name, exact=exact))
        await (self.page.get_by_role(role, name=name, exact=exact) if role else locator).first.click()

    async def text(self):
        return await self.page.locator("main").inner_text()

    async def says(self, text):
        await self.page.get_by_text(text).first.wait_for()

    async def reloads_until(self, holds, what):
        """Loads the page again until something holds: without a script nothing else tells."""
        end = time.monotonic() + PATIENCE / 1000
        while not await holds():
            assert time.monotonic() < end, f"{self.name}: {what} did not come"
            await self.page.reload()

    async def close(self):
        await self.context.close()

    # ---- Looking

    async def look(self, name):
        """A screenshot, and what axe finds, where nobody has looked yet."""
        key = (name, self.size)
        if key not in self.stage.seen:
            self.stage.seen.add(key)
            await self.shot(name)
        if self.script and key not in self.stage.seen_by_axe:
            self.stage.seen_by_axe.add(key)
            await self.axe(name)

    async def axe(self, name):
        await self.page.evaluate(AXE)
        found = await self.page.evaluate(
            "async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        for violation in found:
            if violation["impact"] in ("serious", "critical"):
                nodes = "; ".join(node["html"][:200] for node in violation["nodes"][:3])
                self.fault(f"axe on {name}: {violation['id']}: {violation['help']}: {nodes}")

    async def shot(self, name):
        directory = self.stage.output / self.size
        directory.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=directory / f"{name}.png", full_page=True)
        self.stage.shots += 1


async def together(stage, journeys, width):
    """Runs journeys, some at a time; one that fails does not end the others."""
    limit = asyncio.Semaphore(width)

    async def run(name, journey):
        async with limit:
            began = time.monotonic()
            try:
                await journey()
                print(f"journeys: {name}: {time.monotonic() - began:.1f} s", flush=True)
            except Exception as error:
                lines = str(error).strip().splitlines() or [""]
                where = re.findall(r'File ".*/(\w+\.py)", line (\d+)', "".join(
                    __import__("traceback").format_exception(error)))
                place = ":".join(where[-1]) if where else ""
                own = [":".join(w) for w in where if w[0] in ("stories.py", "single.py", "stage.py")]
                stage.faults.append(
                    f"{name} at {' '.join(own) or place}: {type(error).__name__}: "
                    + " ".join(lines[:6]))

    await asyncio.gather(*(run(name, journey) for name, journey in journeys))

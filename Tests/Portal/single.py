"""Journeys that are walked once."""
import asyncio, os, re, signal, time

from playwright.async_api import Error

from stories import HOSTILE, await_button, confirm


async def opened(stage, word, tenant="acme", justification=None, managers=("max", "mia")):
    """A request that waits for the customer; by the command line, which others test."""
    text = justification or f"Mail loops ({word})"
    arguments = ["lockboxctl", "submit", "--as", "erin", "--tenant", tenant, "--workload", "exchange",
                 "--reason", "customer-initiated-support", "--ticket", "T-1", "--justification", text,
                 "--resource", "mailboxes/alice", "--action", "read", "--duration", "2h"]
    request = (await command(*arguments)).strip()
    for manager in managers:
        # Services hear of one another within milliseconds, but not before the next command.
        await command("lockboxctl", "approve", request, "--as", manager, "--yes", patient=True)
    return request


async def command(*arguments, patient=False):
    end = time.monotonic() + 60
    while True:
        process = await asyncio.create_subprocess_exec(
            *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        output, errors = await process.communicate()
        if process.returncode == 0:
            return output.decode()
        assert patient and time.monotonic() < end, f"{arguments}: {errors.decode()}"
        await asyncio.sleep(0.1)


async def hostile(stage):
    """What people write is shown as what it is: markup, formulas, and text of another direction."""
    request = await opened(stage, "hostile", justification=HOSTILE)
    ana = await stage.person("ana")
    await ana.sign_in(f"/requests/{request}")
    await ana.look("hostile-request")
    text = await ana.text()
    assert HOSTILE in text, text
    assert await ana.page.locator("main script").count() == 0
    # A control that turns text around goes no further than its field, and is seen there.
    ana.expected.add(422)
    await ana.page.locator("#question").fill("gpj\u202eexe.html?")
    await ana.press("Ask", exact=True, role="button")
    await ana.page.wait_for_load_state()
    text = await ana.text()
    assert "\u202e" not in text, "a bidirectional control is not seen"
    for path in ("/requests", "/history?text=hyperlink"):
        await ana.go(path)
        assert HOSTILE in await ana.text(), await ana.text()
        assert await ana.page.locator("main script").count() == 0
    await ana.close()


async def live(stage):
    """A page follows what happens, without being loaded again."""
    ana = await stage.person("ana")
    await ana.sign_in("/requests")
    await ana.page.evaluate("window.loadedOnce = true")
    request = await opened(stage, "live")
    row = ana.page.locator(f'#waiting a[href="/requests/{request}"]')
    await row.wait_for()
    await ana.page.locator("#waiting .state-awaiting_customer").first.wait_for()
    assert await ana.page.evaluate("window.loadedOnce"), "the page was loaded again"
    await ana.shot("live")
    await ana.close()


async def keyboard(stage):
    """A decision with the keyboard alone: only Tab, typing and Enter."""
    request = await opened(stage, "keyboard")
    ana = await stage.person("ana")
    page = ana.page
    await page.goto(f"{stage.url}/requests/{request}")

    async def reach(holds, what):
        for _ in range(80):
            await page.keyboard.press("Tab")
            focused = await page.evaluate(
                "(() => { const e = document.activeElement; const box = e.getBoundingClientRect();"
                " return {text: e.innerText || '', id: e.id, value: e.value || '', tag: e.tagName,"
                " seen: box.width > 0 && getComputedStyle(e).outlineStyle}; })()")
            if holds(focused):
                assert focused["seen"] != "none", f"the focus on {what} cannot be seen"
                return
        raise AssertionError(f"{what} cannot be reached with Tab")

    await reach(lambda e: "Acme" in e["text"] and e["tag"] == "A", "the organisation")
    await page.keyboard.press("Enter")
    await page.locator('button[value="ana"]').wait_for()
    if await page.evaluate("document.activeElement.value") != "ana":
        await reach(lambda e: e["value"] == "ana", "the person")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{stage.url}/requests/{request}")
    await page.keyboard.press("Tab")
    assert "Skip" in await page.evaluate("document.activeElement.innerText"), "no skip link"
    await page.keyboard.press("Enter")
    await reach(lambda e: e["text"].startswith("Approve…"), "Approve")
    await page.keyboard.press("Enter")
    await page.locator("#typed").wait_for()
    await reach(lambda e: e["id"] == "typed", "the field")
    await page.keyboard.type((await page.locator(".expected").inner_text()).strip())
    await reach(lambda e: e["tag"] == "BUTTON" and e["text"] == "Approve", "the button")
    await page.keyboard.press("Enter")
    await ana.says("Your approval is recorded.")
    await ana.close()


async def passkey(stage):
    """A passkey is registered, confirmed, and signs the decision that globex demands."""
    gina = await stage.person("gina")
    devtools = await gina.context.new_cdp_session(gina.page)
    await devtools.send("WebAuthn.enable")
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}})
    await gina.sign_in("/passkeys/new")
    await gina.page.locator("#label").fill("laptop")
    await gina.look("passkey-new")
    await gina.press("Create and register")
    await gina.says("Your passkey is registered.")

    gus = await stage.person("gus")
    await gus.sign_in("/settings/keys")
    await gus.look("passkey-keys")
    await gus.press("Confirm", role="button")
    await gus.says("The key counts from now on.")
    await gus.go("/settings/approvers")
    await gus.page.locator("#signed").check()
    await gus.press("Save")
    await gus.says("Saved.")
    await gus.close()

    request = await opened(stage, "passkey", tenant="globex")
    offer = await await_button(gina, f"/requests/{request}", "Approve…")
    await offer.click()
    await gina.look("passkey-approve")
    await gina.page.locator("#typed").fill(
        (await gina.page.locator(".expected").inner_text()).strip())
    await gina.press("Sign and approve")
    await gina.says("Your approval is recorded.")
    await gina.look("passkey-approved")
    await gina.close()


async def conflict(stage):
    """Two admins change the same settings: the slower one sees both."""
    first, second = [await stage.person("ivan") for _ in range(2)]
    for ivan in (first, second):
        await ivan.sign_in("/settings/times")
    await first.page.locator("#longest_access").fill("2 h")
    await first.press("Save")
    await first.says("Saved.")
    second.expected.add(409)
    await second.page.locator("#longest_access").fill("3 h")
    await second.press("Save")
    await second.says("Somebody was faster")
    await second.look("settings-conflict")
    text = await second.text()
    assert "2 h" in text and "3 h" in text, text
    await second.press("Save mine all the same")
    await second.says("Saved.")
    await second.says("3 h")

    await first.go("/settings")
    await first.says("Lockbox is off")
    await first.page.locator("#workload").fill("sharepoint")
    await first.press("Add", exact=True, role="button")
    await first.page.locator("#people").fill("ivan\niris")
    await first.look("settings-workload")
    await first.press("Save")
    await first.says("Approvers for sharepoint")
    await first.go("/settings/workloads/sharepoint")
    people = await first.page.locator("#people").input_value()
    assert sorted(people.split()) == ["iris", "ivan"], people
    await first.press("Remove these approvers")
    await first.says("Saved.")
    for ivan in (first, second):
        await ivan.close()


async def outlets(stage, kind, name):
    """Where things are sent: a secret is shown once, a test says what came of it."""
    ivan = await stage.person("ivan")
    await ivan.sign_in(f"/settings/{kind}")
    page = ivan.page
    ivan.expected.add(422)
    await page.locator("#name").fill(name)
    await page.locator("#address").fill("http://localhost:1/")
    await ivan.press("Add", exact=True, role="button")
    await page.locator("#address-fault").get_by_text(re.compile(r"\w")).wait_for()
    await ivan.look(f"{kind}-refused")
    await page.locator("#address").fill("https://localhost:1/lockbox")
    await ivan.press("Add", exact=True, role="button")
    secret = await page.locator("pre").inner_text()
    assert secret.startswith("whsec_"), "no secret is shown"
    await ivan.look(f"{kind}-secret")
    await ivan.press("I have kept it")
    assert secret not in await page.content()
    await ivan.press(re.compile(rf"Test\s*: {name}"))
    await ivan.says("The test was not delivered.")
    await ivan.look(f"{kind}-tested")
    await ivan.press(re.compile(rf"Pause\s*: {name}"))
    await ivan.says("Paused.")
    await ivan.press(re.compile(rf"Delete\s*: {name}"))
    await ivan.says("Deleted.")
    await ivan.close()


async def destination(stage):
    await outlets(stage, "destinations", "SIEM")


async def channel(stage):
    await outlets(stage, "channels", "Pager")


async def dark(stage):
    """The same in the dark, and in German."""
    await opened(stage, "dark")
    ana = await stage.person("ana", color_scheme="dark", locale="de-DE")
    await ana.sign_in("/requests")
    assert await ana.page.locator("html").get_attribute("lang") == "de"
    await ana.look("dark-requests")
    await ana.page.locator("#waiting h3 a").first.click()
    await ana.look("dark-request")
    await ana.go("/history", "dark-history")
    await ana.go("/settings", "dark-settings")
    await ana.close()


async def leaving(stage):
    """After signing out nothing is left; a session that was ended elsewhere is over everywhere."""
    alma = await stage.person("alma")
    await alma.sign_in("/history")
    kept = next(c for c in await alma.context.cookies() if c["name"] == "__Host-session")
    assert kept["secure"] and kept["httpOnly"] and kept["sameSite"] in ("Lax", "Strict"), kept
    other = await alma.context.new_page()
    alma.watch(other)
    await other.goto(stage.url + "/history")
    await alma.press("Sign out", role="button")
    await alma.look("signed-out")
    assert not [c for c in await alma.context.cookies() if c["name"] == "__Host-session"]
    await alma.context.add_cookies([kept])
    await other.goto(stage.url + "/history")
    await other.locator('a[href^="/sign-in/acme"]').wait_for()
    await alma.close()


async def killed(stage):
    """kill -9 of the portal: whoever was signed in still is, and a form that lay open is taken."""
    request = await opened(stage, "killed")
    ana = await stage.person("ana")
    await ana.sign_in(f"/requests/{request}")
    await ana.press("Approve…", role="link")
    pid = int(open(f"{stage.home}/portal.pid").read())
    os.kill(pid, signal.SIGKILL)
    other = await ana.context.new_page()
    end = time.monotonic() + 60
    while True:
        try:
            await other.goto(stage.url + "/health")
            break
        except Error:
            assert time.monotonic() < end, "the portal did not come back"
            await asyncio.sleep(0.1)
    assert int(open(f"{stage.home}/portal.pid").read()) != pid
    await confirm(ana)
    await ana.says("Your approval is recorded.")
    await ana.close()


async def over(stage):
    """A session that has ended meanwhile: nothing is done, and signing in goes on."""
    request = await opened(stage, "over")
    ana = await stage.person("ana")
    await ana.sign_in(f"/requests/{request}")
    await ana.press("Deny…")
    await ana.page.locator("#comment").fill("Too late")
    other = await ana.context.new_page()
    ana.watch(other)
    await other.goto(stage.url + "/requests")
    await other.get_by_role("button", name="Sign out").click()
    await other.get_by_role("heading", name="You are signed out").wait_for()
    ana.expected.add(401)
    await ana.page.locator("form button.bad").click()
    await ana.says("nothing was done")
    await ana.look("session-over")
    await ana.press("Sign in", exact=True)
    await ana.page.locator('a[href="/sign-in/acme"]').click()
    await ana.page.locator('button[value="ana"]').click()
    await ana.go(f"/requests/{request}")
    await ana.page.get_by_role("link", name="Deny…").wait_for()
    await ana.close()

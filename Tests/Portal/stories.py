"""A request's whole life as everybody sees it: engineer, managers, approver, admin, auditor; once for
each size and with and without a script."""
import io, json, re, subprocess, zipfile

HOSTILE = "<script>alert('no')</script> =HYPERLINK(\"https://evil.example\") &amp; \u05d0\u05d1\u05d2 done"
ENDS = ("approve", "narrow", "deny", "revoke")


async def story(stage, size, script, end):
    word = f"{end} {size} {'script' if script else 'plain'}"
    request = await ask(stage, size, script, word)
    for manager in ("max", "mia"):
        await manage(stage, size, script, manager, request)
    await decide(stage, size, script, request, end)
    await administer(stage, size, script, request, end)
    await audit(stage, size, script, request)


async def ask(stage, size, script, word, tenant="acme", justification=None):
    erin = await stage.person("erin", size, script)
    await erin.sign_in()
    await erin.go("/own", "engineer-requests")
    await erin.press("Ask for access")
    page = erin.page
    await page.locator("#tenant").fill(tenant)
    await page.locator("#workload").fill("exchange")
    await page.locator("#ticket").fill("T-4711")
    await page.locator("#reason").select_option(index=1)
    await page.locator("#justification").fill(justification or (
        f"Ticket T-4711: mail loops for Alice ({word}). I will look at the transport headers of her "
        "mailbox only, since nothing else shows the loop; nothing is copied, and notes are deleted "
        "afterwards."))
    await page.locator("#resources").fill("mailboxes/alice\nmailboxes/bob")
    await page.locator('input[name="action"]').first.check()
    await erin.look("engineer-ask")
    await page.locator('button[value="send"]').click()
    meant = page.locator('input[name="meant"]')
    await page.wait_for_load_state()
    if await meant.count():
        await meant.check()
        await page.locator('button[value="send"]').click()
    await page.wait_for_url(re.compile(r"/requests/[0-9a-f-]{36}"))
    request = re.search(r"[0-9a-f-]{36}", page.url).group()
    await erin.look("engineer-request")
    await erin.close()
    return request


async def await_button(person, path, word):
    """Opens a page and waits until it offers something: services hear of one another in a moment."""
    await person.go(path)
    offer = person.page.get_by_role("link", name=word).first
    await person.reloads_until(offer.count, f"{word} on {path}")
    return offer


async def confirm(person):
    """Types what the page asks for, and confirms."""
    expected = await person.page.locator(".expected").inner_text()
    await person.page.locator("#typed").fill(expected.strip())
    await person.page.locator("form button:not(.quiet)").last.click()


async def manage(stage, size, script, name, request):
    manager = await stage.person(name, size, script)
    await manager.sign_in(f"/requests/{request}")
    offer = await await_button(manager, f"/requests/{request}", "Approve…")
    await manager.look("manager-request")
    await offer.click()
    await manager.look("manager-approve")
    await confirm(manager)
    await manager.says("Your approval is recorded.")
    await manager.go("/queue", "manager-queue")
    await manager.close()


async def decide(stage, size, script, request, end):
    ana = await stage.person("ana", size, script)
    # A link in a mail: to the request, by way of signing in.
    await ana.sign_in(f"/requests/{request}")
    await await_button(ana, f"/requests/{request}", "Approve…")
    await ana.look("approver-request")
    page = ana.page
    if end == "approve":
        await page.locator("#question").fill("Which headers?\nAnd why Bob?")
        await ana.press("Ask", exact=True, role="button")
        await ana.says("Which headers?")
    if end == "deny":
        await ana.press("Deny…")
        await page.locator("#comment").fill("Not without a smaller scope")
        await ana.look("approver-deny")
        await page.locator("form button.bad").click()
        await ana.says("Your denial is recorded")
    elif end == "narrow":
        await ana.press("Approve less…")
        await page.locator('input[name="resource"]').nth(1).uncheck()
        await ana.look("approver-narrow")
        await ana.press("Go on to confirm")
        await ana.look("approver-narrowed")
        await confirm(ana)
    else:
        await ana.press("Approve…", role="link")
        # Somebody else's name lets nobody in.
        ana.expected.add(422)
        await page.locator("#typed").fill("somebody else")
        await page.locator("form button:not(.quiet)").last.click()
        await ana.says("is not the name that is asked for")
        await ana.look("approver-mistyped")
        await confirm(ana)
    if end != "deny":
        await ana.says("Your approval is recorded.")
        await ana.look("approver-approved")
    await ana.go("/requests", "approver-requests")
    if end == "revoke":
        await ana.go("/access", "approver-access")
        await page.locator("li.card", has=page.locator(f'a[href="/requests/{request}"]')).get_by_role(
            "link", name="Revoke").click()
        await page.locator("#comment").fill("Done sooner than thought")
        await ana.look("approver-revoke")
        await page.locator("form button.bad").click()
        await ana.says("The access is revoked.")
    await ana.close()


async def administer(stage, size, script, request, end):
    adam = await stage.person("adam", size, script)
    await adam.sign_in()
    await adam.go("/access", "admin-access")
    await adam.go("/settings", "admin-settings")
    await adam.says("Lockbox is on")
    await adam.press("Turn Lockbox off")
    await adam.look("admin-second-look")
    adam.expected.add(422)
    await adam.page.locator("#typed").fill("globex")
    await adam.press("Turn Lockbox off", exact=True, role="button")
    await adam.says("Nothing was changed.")
    await adam.press("Leave it on")
    await adam.says("Lockbox is on")
    await adam.go("/settings/times", "admin-times")
    await adam.page.locator("#longest_access").fill("soon")
    await adam.press("Save")
    await adam.says("Write a number and a unit")
    await adam.page.locator("#longest_access").fill("900 d")
    await adam.press("Save")
    await adam.page.locator("#longest_access[aria-invalid=true]").wait_for()
    await adam.look("admin-times-refused")
    for section in ("approvers", "workloads", "emergency", "notices"):
        await adam.go(f"/settings/{section}", f"admin-{section}")
    for section in ("keys", "channels", "destinations"):
        await adam.go(f"/settings/{section}", f"admin-{section}")
    await adam.close()


async def audit(stage, size, script, request):
    alma = await stage.person("alma", size, script)
    await alma.sign_in()
    page = alma.page
    await alma.go("/settings", "auditor-settings")
    await alma.says("Only your organisation's admins change them.")
    assert await page.locator("main button, main a.button").count() == 0, "an auditor has buttons"
    await alma.go("/history", "auditor-history")
    await alma.says("The log is signed")
    marks = await page.locator(".mark").all_inner_texts()
    assert marks and all("Verified" in mark for mark in marks), marks
    await page.locator("summary", has_text="Search").click()
    await page.locator("#text").fill("transport")
    await alma.press("Search", exact=True, role="button")
    await alma.look("auditor-search")
    assert await page.locator(f'main a[href="/requests/{request}"]').count() == 1
    assert (await page.locator(".quote").first.inner_text()).strip()
    async with page.expect_download() as download:
        await alma.press("Download the evidence")
    path = stage.output / f"evidence-{request}.zip"
    await (await download.value).save_as(path)
    verify(stage, path)
    await alma.go(f"/requests/{request}", "auditor-request")
    assert await page.get_by_role("link", name="Approve…").count() == 0
    await alma.close()


def verify(stage, path):
    """What was downloaded, by the customer's own tool."""
    archive = zipfile.ZipFile(path)
    assert archive.testzip() is None
    folder = path.with_suffix("")
    archive.extractall(folder)
    inner = next(folder.iterdir())
    key = next(
        line for line in open(f"{stage.home}/log-keys.txt") if line.split("+")[0].endswith("/acme"))
    run = subprocess.run(
        ["lockbox-verify", "evidence", str(inner), "--log-key", key.strip()],
        capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr

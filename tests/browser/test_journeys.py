"""What officers do, from beginning to end, in both directions; mostly by keyboard alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from didban import clock
from didban.cli.demo import waiting
from didban.cli.demo.bureau import PASSWORD
from didban.cli.demo.waiting import PASSPORT
from didban.cli.desk.client import Session
from didban.model.hits import Outcome
from didban.web.i18n.speech import Speech
from didban.web.look import Look
from node_help import wait_until
from tools import touring

pytestmark = pytest.mark.slow

_MOST_TABS = 120
_MOST_LOOKS = 60  # at a page that another node's answer changes


class Hands:
    """Two hands on a keyboard, and a pair of eyes."""

    def __init__(self, page):
        self.page = page
        self.keys = page.keyboard

    def to(self, selector):
        """Press Tab until something that matches has the focus."""
        for _ in range(_MOST_TABS):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.keys.press("Tab")
        raise AssertionError(f"{selector} cannot be reached by Tab on {self.page.url}")

    def write(self, selector, text):
        """Write into a field."""
        self.to(selector)
        self.keys.type(text)

    def choose(self, selector, value):
        """Choose an option by the arrow keys."""
        self.to(selector)
        for _ in range(50):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"{value} is no option of {selector}")

    def press(self, selector):
        """Press a button or follow a link, and wait until the next page stands."""
        self.to(selector)
        with self.page.expect_navigation():
            self.keys.press("Enter")

    def scan(self, *lines):
        """Let a scanner write what it reads, and wait for the answer."""
        assert self.page.evaluate("document.activeElement.id") == "f-scan"
        for line in lines:
            self.keys.type(line)
            self.keys.press("Enter")
        self.page.wait_for_selector("#answer-heading, #faults")


def at_the_desk(office, chromium, login, language, path, code="xar"):
    """Return the hands of somebody who has a session, at a page."""
    bureau = office[code]
    secret = Session.kept(bureau.folder / f"{login}.session").secret
    context = touring.signed_in(chromium, bureau.address, secret, Look(language=language))
    page = context.new_page()
    page.goto(path)
    return Hands(page)


def scanned(hands, number):
    """Write a number at the gate until it is found: it comes from another node."""

    def is_found():
        hands.page.goto("/desk/checks")
        hands.scan(number)
        return hands.page.locator(".answer-stop").count()

    wait_until(is_found)


def fresh_code(bureau, login):
    """Return a code that is good now, and for as long as a code can be.

    A code is good once, and so is none before it. The story signed its people in with the code after
    that of the moment, which stays good for longest; so does this, as soon as it is a later one.
    """
    factor, used_at = bureau.factor_of(login), (bureau.folder / f"{login}.session").stat().st_mtime
    wait_until(lambda: clock.now().timestamp() // factor.interval > used_at // factor.interval)
    return factor.at(clock.now() + timedelta(seconds=factor.interval))


@pytest.mark.parametrize(("language", "login"), [("en", "farid"), ("fa", "hamid")])
def test_a_border_officer_signs_in_scans_and_knows_what_to_do(office, chromium, language, login):
    """From the door to the answer; the first line sees what to do, and not whose file it is."""
    arvand = office["xar"]
    context = touring.signed_in(chromium, arvand.address, "", Look(language=language))
    page = context.new_page()
    hands = Hands(page)

    page.goto("/")
    hands.write("#f-login", login)
    hands.write("#f-password", PASSWORD)
    hands.write("#f-code", fresh_code(arvand, login))
    hands.choose("#f-purpose", "border_control")
    hands.write("#f-place", "Gate 4")
    with page.expect_navigation():
        hands.keys.press("Enter")
    hands.press("main a[href$='/checks']")
    hands.scan(*PASSPORT)

    assert page.locator(".answer-stop h2").count() == 1, page.inner_text("main")
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "fa" else "ltr")
    assert "hotel" not in page.inner_text("main")
    context.close()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_second_line_compares_and_lets_somebody_go(office, chromium, language):
    """A hit is opened from the queue, compared row by row, and closed for a reason."""
    number = f"D{language.upper()}44071"  # who was found not to be meant is not stopped again
    waiting.stolen(office["xbo"], "boris", number)
    gate = at_the_desk(office, chromium, "farid", language, "/desk/checks")
    scanned(gate, number)
    gate.press("button[name='held'][value='no']")

    desk = at_the_desk(office, chromium, "golnar", language, "/desk/hits")
    own = desk.page.locator("tr[data-row] a", has_text=number)  # others are others' work
    own.evaluate("one => one.focus()")
    with desk.page.expect_navigation():
        desk.keys.press("Enter")
    assert desk.page.locator("input[type=radio]:checked").count() == 0
    boxes = desk.page.locator("#compare input[type=checkbox], form input[name='seen']")
    for place in range(boxes.count()):
        box = boxes.nth(place).get_attribute("id")
        desk.to(f"#{box}")
        desk.keys.press("Space")
    form = desk.page.locator("form[action$='/compare']").first
    form.locator("button").evaluate("one => one.focus()")
    with desk.page.expect_navigation():
        desk.keys.press("Enter")
    desk.to("form[action$='/refute'] input[name='reason']")
    desk.keys.press("Space")
    desk.write("form[action$='/refute'] textarea", "Another number was meant.")
    desk.press("form[action$='/refute'] button")

    assert desk.page.locator(".said").count() == 1


def awaited(page, selector):
    """Load a page again until something stands on it: it comes from another node."""
    for _ in range(_MOST_LOOKS):
        if page.locator(selector).count():
            return page.locator(selector)
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{selector} never came to {page.url}: {page.inner_text('main')}")


def sent(page, form, *, tries=1):
    """Send a form and wait for the page that answers; again where it was too early."""
    for _ in range(tries):
        with page.expect_navigation():
            page.locator(f"{form} button").last.click()
        if not page.locator("#faults").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(page.inner_text("#faults"))


def compared(page):
    """Tick every row and the record, and note it."""
    for box in page.locator("#compare input[name='seen']").all():
        box.check()
    sent(page, "#compare")


def asked_openly(page):
    """Ask the owner whether it is the same, with nothing that speaks against an open question."""
    ask = "form[action$='/question']"
    for answer in ("claim_for_protection", "refugee_papers", "flagged"):
        page.check(f"{ask} input[name='{answer}'][value='no']")
    page.check(f"{ask} input[name='disclosure'][value='full']")
    page.check(f"{ask} input[name='urgency'][value='U']")
    sent(page, ask)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_two_states_carry_a_scanned_passport_to_an_outcome(office, chromium, language):
    """The gate stops it, the desk asks, the owner confirms, a second person decides, the owner hears.

    Each goes only where the page before leads.
    """
    number = f"J{language.upper()}90412"
    waiting.stolen(office["xbo"], "boris", number)
    gate = at_the_desk(office, chromium, "farid", language, "/desk/checks")
    scanned(gate, number)
    gate.press("button[name='held'][value='yes']")

    desk = at_the_desk(office, chromium, "golnar", language, "/desk/mine").page
    with desk.expect_navigation():
        desk.locator("tr[data-row]", has_text=number).locator("a").click()
    hit = desk.url
    compared(desk)
    asked_openly(desk)

    owner = at_the_desk(office, chromium, "banu", language, "/desk/mine", "xbo").page
    asked = awaited(owner, f"tr[data-row]:has-text('{number}') a")
    with owner.expect_navigation():
        asked.click()
    question = owner.url
    assert owner.locator("main").get_by_text(number).count() >= 2  # who was met, and the record
    owner.check("#same input[name='compared']")
    sent(owner, "form[action$='/confirm']")

    awaited(desk, "a[href$='/second']")
    second = at_the_desk(office, chromium, "hamid", language, hit).page
    with second.expect_navigation():
        second.click("main a.button[href$='/second']")
    compared(second)
    decide = "form[action$='/decision']"
    second.check(f"{decide} input[name='action'][value='seize']")
    second.fill(f"{decide} input[name='basis']", "Passport Act, s. 9")
    sent(second, decide, tries=_MOST_LOOKS)  # a decision takes some reading

    desk.reload()
    with desk.expect_navigation():
        desk.click("main a.button[href$='/outcome']")
    desk.check("input[name='outcome'][value='document_seized']")
    sent(desk, "main form[action$='/outcome']")
    sent(desk, "main section form")
    desk.goto(hit)
    assert desk.locator(".identity .tag-open, .identity .tag-warn").count() == 0
    owner.goto(question)
    told = Speech(look=Look(language=language)).term(Outcome.DOCUMENT_SEIZED)
    awaited(owner, f"main dl :text-is('{told}')")
    assert owner.locator("[data-due]").count() == 0

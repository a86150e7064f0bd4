'''The pages on which officers work: rendered here, readable and usable without JavaScript.

A room's module in `views` holds a `Room` and thin functions: what was sent becomes a value of the
model, a verb of `casework`, `intake`, `analysis` ... does the deed, the outcome becomes a page.

    """Hits: the queue and the decision."""

    room = Room("hits")

    @room.page("/hits/{hit_id}", Permission.CASEWORK_HIT_WORK)
    def hit(desk: Desk, hit_id: str) -> Page:
        """Show a hit, value by value."""
        return Page("pages/hits/hit.html", view=hits.view(desk.tx, desk.who, hit_id))

    @room.deed("/hits/{hit_id}/refute", Permission.CASEWORK_HIT_WORK, again=hit)
    def refute(desk: Desk, hit_id: str) -> Go:
        """Find that a hit does not concern who was checked."""
        reason = desk.form.one_of("reason", RefuteReason)
        hits.refute(desk.tx, desk.who, hit_id, ..., reason=reason, words=desk.form.text("words"))
        return Go("hits.queue", said="The hit is closed as somebody else.")

What the frame does, so that no function has to (`web.frame`):

- Who asks is known by the cookie of their session; the permission is checked before anything else.
- `desk.tx` is the one transaction: committed before the answer leaves, undone by any error.
- A form must bear its token (`{{ form_token() }}`) and come from our own pages.
- An error of a deed shows the page `again`, with what was sent and what is wrong with it.
- `Page(..., part="name")` sends one block of the template where a script asked for a part of it.

Words: all text stands in templates, as `{% trans %}` or `_()`, in English; `locale` holds the other
languages, a file for each room. Codes of the model are shown by `{{ term(code) }}`. Values from
people and papers stand in `{{ data(value) }}`, which keeps each in its own direction.
'''

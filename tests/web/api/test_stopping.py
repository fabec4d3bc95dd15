"""Suspending, returning and withdrawing, as programs do it."""

from datetime import date

from calling import CallAs
from villages import Village

TODAY = date(2026, 11, 22)
FIRST_DAY = date(2027, 5, 1)


async def test_a_program_withdraws_suspends_and_returns(village: Village, call_as: CallAs) -> None:
    house = village.house
    plugins = {"dezhi-yinger": house.plugins.enabled("dezhi-yinger", {"goal_points": 4000})}
    await house.programmes.adopt(
        village.yinger.id, plugins, title="新办法", effective_from=FIRST_DAY, staff=village.admin.id
    )
    program = await call_as(village.admin)
    base = f"/villages/{village.yinger.code}/versions"
    why = {"reason": "写错了", "decided_by": "村民代表会议"}
    assert (await program.get(f"{base}/2")).json()["coming"] is True
    gone = (await program.post(f"{base}/2/withdraw", json={"follows": 2, **why})).json()
    assert gone["withdrawal"] == {"number": 2, **why}
    assert (gone["number"], gone["in_force"], gone["since"]) == (3, True, TODAY.isoformat())
    withdrawn = (await program.get(f"{base}/2")).json()
    assert (withdrawn["coming"], withdrawn["set_aside_by"]) == (False, 3)
    again = await program.post(f"{base}/2/withdraw", json={"follows": 3, **why})
    assert (again.status_code, again.json()["type"]) == (409, "urn:dezhi:problem:programme-begun")
    paused = (await program.post(f"{base}/suspend", json={"follows": 3, "since": TODAY.isoformat(), **why})).json()
    assert (paused["number"], paused["suspended"], paused["withdrawal"]) == (4, "写错了", None)
    soon = await program.post(f"{base}/2/return", json={"follows": 4, "since": TODAY.isoformat()})
    assert soon.status_code == 422
    back = (await program.post(f"{base}/2/return", json={"follows": 4, "since": FIRST_DAY.isoformat()})).json()
    assert (back["number"], back["coming"], back["since"]) == (5, True, FIRST_DAY.isoformat())

"""What each item earns at most and each reward costs: the sheet once more, so that no figure changes by mistake."""

from dezhi.testing import deeds_of
from dezhi_yinger import rewards, score
from dezhi_yinger.settings import Choices
from dezhi_yinger.sheet import sheet

MOST = {
    "neighbour-help": "moral 10",
    "hard-times-help": "moral 10",
    "make-peace": "moral 10",
    "street-cleaning": "moral 5",
    "voluntary-labour": "moral 5",
    "tidy-yard": "moral 3",
    "village-talk": "moral 2",
    "disaster-help": "moral 20, honour 20",
    "brave-deed": "moral 50, honour 50",
    "public-good": "moral 10",
    "elder-care": "moral 10",
    "respect": "moral 3",
    "parents-home": "moral 5",
    "come-home": "moral 5",
    "double-ninth": "moral 10",
    "long-care": "moral 20, honour 20",
    "lost-property": "moral 5",
    "simple-feast": "moral 10",
    "tools-returned": "moral 2",
    "fair-scale": "moral 5",
    "parcels": "moral 3",
    "elder-greeting": "hours 30",
    "errands": "hours 180",
    "clinic-company": "hours 600",
    "haircut": "hours 30",
    "homework": "hours 240",
    "snow-clearing": "hours 480, moral 2",
    "water-patrol": "hours 240",
    "traffic-post": "hours 240",
    "fraud-talk": "hours 240",
    "skills": "hours 240",
    "home-check": "safe 3",
    "smoke-alarm": "safe 10",
    "drill": "safe 5",
    "fire-watch": "hours 480, safe 16",
    "hazard-report": "safe 5",
    "patrol": "safe 10",
}
PRICES = {
    "soap": 10,
    "toothpaste": 20,
    "laundry": 20,
    "noodles": 30,
    "salt": 30,
    "shampoo": 30,
    "oil": 60,
    "kettle": 60,
    "backpack": 120,
    "cooker": 220,
    "barber": 10,
    "family-photo": 40,
    "ploughing": 80,
}


def test_every_item_earns_what_the_sheet_says() -> None:
    earned = {
        code: ", ".join(
            f"{award.asset} {award.amount}" for award in score(Choices(), deeds_of(f"dezhi-yinger/{code}", item)[-1])
        )
        for code, item in sheet(Choices()).items()
    }
    assert earned == MOST


def test_every_reward_costs_what_the_list_says() -> None:
    assert {reward.code: reward.price for reward in rewards(Choices())} == PRICES

"""The ledger's short refusal codes in words for people: what happened, what is safe, what to do."""

from dezhi.core.errors import Problem
from dezhi.core.events import Outcome
from dezhi.core.text import N_

_SAYS = {
    "conflict": (409, N_("没有再记：这一笔刚才已经用同一个编号记过，内容却不一样。请刷新页面，看看今天的记录再决定。")),
    "self_award": (422, N_("没有记上：不能给自己家加分。请让另一位工作人员来记。")),
    "future": (422, N_("没有记上：日期还没有到。请改成今天或以前的日期。")),
    "closed": (422, N_("没有记上：这一天的账已经结了。请改日期，或者作为更正记在今天。")),
    "amount": (422, N_("没有记上：分数要是大于0的整数，而且不能太大。")),
    "cap": (409, N_("没有记上：这一条已经记满了，还能记%(left)s。之前的分没有动。")),
    "no_order": (404, N_("没有找到这张兑换单。请核对领取码。")),
    "resolved": (409, N_("这张兑换单已经办过了（领走或取消），没有再动您的分。")),
    "order_used": (409, N_("这张兑换单已经有了，没有重复预留。")),
    "reversed": (409, N_("这一笔已经冲正过了，没有再冲。")),
    "no_entry": (404, N_("没有找到这一笔。请核对编号。")),
    "not_reversible": (422, N_("这一笔不能冲正：只有加分和兑换能冲正。")),
    "spent": (409, N_("没有冲正：这笔分已经用掉了。请和这户商量后再办。")),
    "approver": (422, N_("没有记上：审核的人不能是记分的人，也不能是受益的人。请换一位来审核。")),
    "not_spendable": (422, N_("没有存上：只有道德积分能兑换。您的分没有动。")),
    "lapsed": (409, N_("没有领：这张兑换单过了期限，留着的分退回去了。请重新兑换。")),
    "frozen": (409, N_("没有办：这些分冻结了，先不能用。解冻以后再办，您的分没有动。")),
    "no_debt": (409, N_("没有冲正：这笔分已经用掉了，方案又不许透支。请改用核销，或者和这户商量。")),
    "not_pending": (422, N_("没有入账：这一笔不在公示。请核对编号。")),
    "confirmed": (409, N_("这一笔已经入账了，没有再入。")),
    "not_due": (422, N_("没有办：还没有到时候。请核对日期。")),
    "nothing": (409, N_("没有可以清的分，什么都没有动。")),
    "no_account": (404, N_("没有找到这个账户。请核对。")),
    "not_transferable": (422, N_("没有转：只有志愿时能转给别人。什么都没有动。")),
    "stale": (409, N_("没有记上：这一户的账刚刚有变化。请再按一次保存，不会记两遍。")),
}

_MALFORMED = (422, N_("没有记上：提交的内容不完整。什么都没有改，请刷新页面再试一次。"))


def problem(outcome: Outcome) -> Problem:
    """The problem to raise for a refused outcome."""
    found = _problem(outcome)
    found.replay = outcome.replay
    return found


def _problem(outcome: Outcome) -> Problem:
    if outcome.code == "short":
        text = N_("没有存上：分不够，现在能用的是%(left)s分。您的分没有动。")
        return Problem("short", text, status=409, left=outcome.left or 0)
    status, text = _SAYS.get(outcome.code, _MALFORMED)
    if outcome.code == "cap":
        return Problem("cap", text, status=status, left=outcome.left or 0)
    return Problem(outcome.code, text, status=status)

"""Pages of surveys: the list, one with its counter and totals, opening, closing, voiding, raw answers."""

from __future__ import annotations

import datetime as dt
import io

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.queries import one_of
from yike.web.accounts.rules import has_role
from yike.web.regions.models import Circle
from yike.web.regions.queries import circles_visible_to
from yike.web.ui.downloads import download
from yike.web.ui.table import Cell, Column, Table
from yike.web.voices import pooling, queries, rules
from yike.web.voices.actions import surveys as actions
from yike.web.voices.actions.needs import note_from_survey
from yike.web.voices.exports import raw_workbook
from yike.web.voices.forms import SurveyForm, VoidForm
from yike.web.voices.models import Answer, Channel, Survey
from yike.web.voices.questions import questionnaire, row_labels, settings
from yike.web.voices.totals import band_totals, row_totals
from yike.web.voices.views.gate import only_for, survey_of
from yike.web.voices.words import SURVEY_SIGNS, SURVEY_WORDS

USUAL_LENGTH = dt.timedelta(days=30)


def _state(survey: Survey) -> Cell:
    state = rules.survey_state(survey, timezone.localdate())
    return Cell(SURVEY_WORDS[state], sign=SURVEY_SIGNS[state])


COLUMNS = (
    Column(
        "title", "调查", lambda s: Cell(s.title, f"/desk/voices/surveys/{s.pk}/", is_invented=s.is_invented)
    ),
    Column("circle", "生活圈", lambda s: s.circle.name),
    Column("state", "状态", _state),
    Column(
        "valid",
        "有效问卷",
        lambda s: s.n_valid,
        unit="份",
        is_number=True,
        sort_by="n_valid",
        sum_of="n_valid",
    ),
    Column("short", "还差", lambda s: max(0, settings().least_valid - s.n_valid) or "够了"),
    Column("opens", "开始", lambda s: s.opens_on, sort_by="opens_on"),
    Column("closes", "结束", lambda s: s.closes_on, sort_by="closes_on"),
)
ANSWERS = (
    Column("number", "问卷编号", lambda a: a.number),
    Column("channel", "渠道", lambda a: a.get_channel_display()),
    Column("at", "录入时间", lambda a: a.entered_at),
    Column("by", "录入人", lambda a: a.entered_by.display_name if a.entered_by else "居民自填"),
    Column("state", "状态", lambda a: _standing(a)),
)


def _standing(answer: Answer) -> Cell:
    if answer.void_reason:
        return Cell(f"作废：{answer.void_reason}", sign="stopped")
    return Cell("有效", sign="done")


def surveys(request: DeskRequest) -> HttpResponse:
    """GET: surveys of the circles a person sees."""
    found = queries.with_valid(queries.surveys_visible_to(request.user, timezone.localdate()))
    table = Table.of(
        request, found, COLUMNS, label="满意度调查", counted="份调查",
        empty="还没有调查。每个生活圈至少要 50 份有效问卷。",
    )  # fmt: skip
    return render(request, "voices/surveys.html", {"table": table, "may_open": _may_open(request)})


def _may_open(request: DeskRequest) -> bool:
    return has_role(request.user, timezone.localdate(), *rules.roles_for("survey"))


@only_for("survey")
def new(request: DeskRequest) -> HttpResponse:
    """GET: an empty form. POST: open a survey."""
    today = timezone.localdate()
    circles = queries.circles_to_choose(request.user, today, "survey")
    usual = {"opens_on": today, "closes_on": today + USUAL_LENGTH, "title": f"{today.year}年居民满意度调查"}
    form = SurveyForm(circles, request.POST or None, initial=usual | {"circle": request.GET.get("circle")})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        circle: Circle = one_of(circles_visible_to(request.user, today), told["circle"])
        try:
            made = actions.open_survey(
                who=who_of(request), circle=circle, title=told["title"], opens_on=told["opens_on"],
                closes_on=told["closes_on"], now=timezone.now(), is_invented=circle.is_invented,
            )  # fmt: skip
        except RefusedError as refused:
            if refused.code != "voices.survey.exists":
                raise
            form.add_error("circle", f"{refused}{refused.hint}")
        else:
            messages.success(request, f"已开展“{made.title}”。可以打印海报和纸质问卷了。")
            return redirect("voices:survey", made.pk)
    return render(request, "voices/survey_new.html", {"form": form})


def survey(request: DeskRequest, key: int) -> HttpResponse:
    """GET: the counter, totals by type, what is missing; small groups withheld."""
    today, found = timezone.localdate(), survey_of(request, key)
    state = rules.survey_state(found, today)
    answers = queries.answers_of(found)
    counted = pooling.pool(answers)
    mine = queries.may(request.user, "survey", found, today)
    link = request.build_absolute_uri(f"/s/{found.token}/")
    told = {
        "survey": found,
        "state": state,
        "state_mark": (SURVEY_SIGNS[state], SURVEY_WORDS[state]),
        "counter": pooling.counter_of(found, counted),
        "totals": row_totals(counted, pooling.reach_counts(answers)),
        "missing": _missing(found),
        "bands": band_totals(pooling.tally(answers, "age_band"), questionnaire().age_bands),
        "channels": band_totals(pooling.tally(answers, "channel"), Channel.choices),
        "small_cell": settings().small_cell,
        "may_collect": mine and found.closed_at is None,
        "may_note": mine and found.closed_at is not None,
        "may_see_list": mine,
        "may_take_raw": has_role(request.user, today, *rules.roles_for("raw")),
        "link": link,
        "is_local": request.get_host().split(":")[0] in ("127.0.0.1", "localhost"),
        "is_invented": found.is_invented,
    }
    return render(request, "voices/survey.html", told)


def _missing(found: Survey) -> list[dict[str, object]]:
    noted = queries.rows_noted_from(found)
    return [
        {"row": row, "label": row_labels()[row], "n": n, "first": first, "is_noted": row in noted,
         "is_small": n < settings().small_cell}
        for row, n, first in pooling.missing_counts(queries.answers_of(found))
    ]  # fmt: skip


@require_POST
@only_for("survey")
def closure(request: DeskRequest, key: int) -> HttpResponse:
    """POST: close for good."""
    found = actions.close_survey(who=who_of(request), survey=survey_of(request, key), now=timezone.now())
    messages.success(request, f"“{found.title}”已关闭，答卷不再更改。")
    return redirect("voices:survey", key)


@only_for("survey")
def answers(request: DeskRequest, key: int) -> HttpResponse:
    """GET: sheets by number, without what is in them. POST: void one, with the reason."""
    found = survey_of(request, key)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = queries.answer_numbered(found, actions.clean_number(form.cleaned_data["number"]))
        if answer is None:
            form.add_error("number", "没有这个编号。请照列表中的编号填写。")
        else:
            reason = form.cleaned_data["reason"]
            actions.void_answer(who=who_of(request), answer=answer, reason=reason, now=timezone.now())
            messages.success(request, f"编号 {answer.number} 已作废，不再计入样本。")
            return redirect("voices:answers", key)
    table = Table.of(
        request, queries.answers_of(found), ANSWERS, label="问卷", counted="份", empty="还没有问卷。"
    )
    told = {"survey": found, "table": table, "form": form, "is_invented": found.is_invented}
    return render(request, "voices/answers.html", told)


@require_POST
@only_for("survey")
def needs(request: DeskRequest, key: int) -> HttpResponse:
    """POST: note what a closed survey found missing as a need."""
    found, row = survey_of(request, key), request.POST.get("row", "")
    rows = queries.answers_of(found)
    counts = {r: n for r, n, _ in pooling.missing_counts(rows)}
    if counts.get(row, 0) < settings().small_cell:
        raise Http404
    by_channel = pooling.tally(rows, "channel")
    channel = max(by_channel, key=lambda c: (by_channel[c], c))
    made = note_from_survey(
        who=who_of(request), survey=found, row=row, voices=counts[row], channel=channel, now=timezone.now()
    )
    messages.success(request, f"已记为需求：{made.text}（{made.voices} 人次），待确认。")
    return redirect("voices:survey", key)


@require_POST
@only_for("raw")
def raw(request: DeskRequest, key: int) -> HttpResponse:
    """POST: the answers as they came; taking them is written down."""
    found = survey_of(request, key)
    actions.tell_raw(who=who_of(request), survey=found, now=timezone.now())
    stream = io.BytesIO()
    raw_workbook(queries.raw_answers(found), stream)
    return download(stream.getvalue(), f"answers-{found.pk}.xlsx")

"""Needs that residents raise, and their answers on satisfaction."""

from yike.web.voices.models.channels import Channel as Channel
from yike.web.voices.models.needs import Need as Need
from yike.web.voices.models.needs import NeedStep as NeedStep
from yike.web.voices.models.needs import NeedVoice as NeedVoice
from yike.web.voices.models.surveys import Answer as Answer
from yike.web.voices.models.surveys import AnswerFile as AnswerFile
from yike.web.voices.models.surveys import Survey as Survey
from yike.web.voices.models.surveys import SurveyNumber as SurveyNumber

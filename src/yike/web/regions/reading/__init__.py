"""
What pages of areas and circles show, read together.

In: account, day, filter. Out: rows for tables, choices for forms.
"""

from yike.web.regions.reading.areas import AreaRow as AreaRow
from yike.web.regions.reading.areas import ancestors_of as ancestors_of
from yike.web.regions.reading.areas import area_rows as area_rows
from yike.web.regions.reading.areas import area_with_code as area_with_code
from yike.web.regions.reading.areas import below as below
from yike.web.regions.reading.areas import keeps_areas as keeps_areas
from yike.web.regions.reading.areas import names_in_time as names_in_time
from yike.web.regions.reading.areas import names_of as names_of
from yike.web.regions.reading.areas import tops as tops
from yike.web.regions.reading.choices import Offered as Offered
from yike.web.regions.reading.choices import communities_by_key as communities_by_key
from yike.web.regions.reading.choices import communities_in as communities_in
from yike.web.regions.reading.choices import offered as offered
from yike.web.regions.reading.circles import CircleFilter as CircleFilter
from yike.web.regions.reading.circles import CircleRow as CircleRow
from yike.web.regions.reading.circles import any_invented as any_invented
from yike.web.regions.reading.circles import circle_rows as circle_rows
from yike.web.regions.reading.circles import circles_found as circles_found
from yike.web.regions.reading.circles import circles_touching as circles_touching
from yike.web.regions.reading.circles import row_of as row_of
from yike.web.regions.reading.circles import years_of as years_of
from yike.web.regions.reading.facts import NextStep as NextStep
from yike.web.regions.reading.facts import centre_of as centre_of
from yike.web.regions.reading.facts import centres_all as centres_all
from yike.web.regions.reading.facts import centres_open as centres_open
from yike.web.regions.reading.facts import next_steps as next_steps
from yike.web.regions.reading.facts import operator_of as operator_of
from yike.web.regions.reading.facts import operators_all as operators_all
from yike.web.regions.reading.facts import transitions_of as transitions_of
from yike.web.regions.reading.members import MemberRow as MemberRow
from yike.web.regions.reading.members import ages_of as ages_of
from yike.web.regions.reading.members import former_members as former_members
from yike.web.regions.reading.members import member_keys as member_keys
from yike.web.regions.reading.members import member_rows as member_rows

"""
Writes of areas, circles and profiles: rule first, one transaction, trace last.

In: who, what, when. Out: rows, or RefusedError.
"""

from yike.web.regions.actions.areas import create_area as create_area
from yike.web.regions.actions.areas import end_area as end_area
from yike.web.regions.actions.areas import rename_area as rename_area
from yike.web.regions.actions.circles import CIRCLE_FIELDS as CIRCLE_FIELDS
from yike.web.regions.actions.circles import change_circle as change_circle
from yike.web.regions.actions.circles import change_members as change_members
from yike.web.regions.actions.circles import common_branch as common_branch
from yike.web.regions.actions.circles import create_circle as create_circle
from yike.web.regions.actions.circles import enter_state as enter_state
from yike.web.regions.actions.lists import Chosen as Chosen
from yike.web.regions.actions.lists import apply_list as apply_list
from yike.web.regions.actions.lists import next_code as next_code
from yike.web.regions.actions.profiles import add_centre as add_centre
from yike.web.regions.actions.profiles import add_operator as add_operator
from yike.web.regions.actions.profiles import add_profile as add_profile
from yike.web.regions.actions.profiles import end_centre as end_centre
from yike.web.regions.actions.profiles import end_operator as end_operator

"""
Areas, circles, profiles.

In: official codes, what streets and communities report. Out: rows with their history.
"""

from yike.web.regions.models.areas import Area as Area
from yike.web.regions.models.areas import AreaName as AreaName
from yike.web.regions.models.areas import Level as Level
from yike.web.regions.models.circles import Circle as Circle
from yike.web.regions.models.circles import CircleMember as CircleMember
from yike.web.regions.models.circles import CircleState as CircleState
from yike.web.regions.models.circles import CircleTransition as CircleTransition
from yike.web.regions.models.profiles import CircleOperator as CircleOperator
from yike.web.regions.models.profiles import CommercialCentre as CommercialCentre
from yike.web.regions.models.profiles import CommunityProfile as CommunityProfile

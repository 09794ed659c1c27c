"""
What people type about areas, circles, communities.

In: choices. Out: cleaned values for the actions.
"""

from yike.web.regions.forms.areas import AreaEndForm as AreaEndForm
from yike.web.regions.forms.areas import AreaForm as AreaForm
from yike.web.regions.forms.areas import DayForm as DayForm
from yike.web.regions.forms.areas import NameForm as NameForm
from yike.web.regions.forms.areas import ProfileForm as ProfileForm
from yike.web.regions.forms.circles import BoundaryForm as BoundaryForm
from yike.web.regions.forms.circles import CentreForm as CentreForm
from yike.web.regions.forms.circles import CircleFilterForm as CircleFilterForm
from yike.web.regions.forms.circles import CircleForm as CircleForm
from yike.web.regions.forms.circles import ListFileForm as ListFileForm
from yike.web.regions.forms.circles import MembersForm as MembersForm
from yike.web.regions.forms.circles import NewCircleForm as NewCircleForm
from yike.web.regions.forms.circles import OperatorForm as OperatorForm
from yike.web.regions.forms.circles import StepForm as StepForm
from yike.web.regions.forms.circles import circle_initial as circle_initial

"""What every handler is given: `house: TheHouse, visitor: TheVisitor, live: TheLive`."""

from litestar.di import NamedDependency

from dezhi.service.house import House
from dezhi.web.live import Live
from dezhi.web.visitors import Visitor

TheHouse = NamedDependency[House]
TheLive = NamedDependency[Live]
TheVisitor = NamedDependency[Visitor]

"""What every handler is given: `house: TheHouse, visitor: TheVisitor`."""

from litestar.di import NamedDependency

from dezhi.service.house import House
from dezhi.web.visitors import Visitor

TheHouse = NamedDependency[House]
TheVisitor = NamedDependency[Visitor]

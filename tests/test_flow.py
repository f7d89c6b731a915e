"""Pills go on in the next line where the room ends."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from biobreath.ui.flow import Flow


def _flow(qtbot, widths, spacing=4):
    parent = QWidget()
    qtbot.addWidget(parent)
    flow = Flow(parent, spacing=spacing)
    for width in widths:
        child = QWidget()
        child.setFixedSize(width, 20)
        flow.addWidget(child)
        child.show()

    return parent, flow


def test_items_share_a_line_while_there_is_room(qtbot):
    parent, flow = _flow(qtbot, [50, 50])
    assert flow.heightForWidth(104) == 20
    assert flow.heightForWidth(103) == 44
    assert flow.sizeHint().width() == 104
    assert parent.layout() is flow


def test_an_item_wider_than_the_room_has_a_line_of_its_own(qtbot):
    _parent, flow = _flow(qtbot, [30, 200, 30])
    flow.setGeometry(QRect(10, 5, 100, 80))
    places = [flow.itemAt(i).geometry() for i in range(3)]
    assert [(p.x(), p.y()) for p in places] == [(10, 5), (10, 29), (10, 53)]


def test_beyond_the_last_there_is_nothing(qtbot):
    _parent, flow = _flow(qtbot, [30])
    assert flow.itemAt(1) is None
    assert flow.takeAt(0) is not None
    assert flow.takeAt(0) is None
    assert flow.count() == 0
    assert flow.heightForWidth(10) == 0


def test_what_is_hidden_takes_no_room(qtbot):
    _parent, flow = _flow(qtbot, [50, 60, 50])
    flow.itemAt(1).widget().hide()
    assert flow.sizeHint().width() == 104


def test_lines_may_begin_left_of_the_room(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    flow = Flow(parent, hang=7)
    for _ in range(2):
        child = QWidget()
        child.setFixedSize(60, 20)
        flow.addWidget(child)
    flow.setGeometry(QRect(10, 5, 100, 80))
    places = [flow.itemAt(i).geometry() for i in range(2)]
    assert [(p.x(), p.y()) for p in places] == [(3, 5), (3, 25)]


def test_lines_may_stand_in_the_middle_of_the_room(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    flow = Flow(parent, spacing=4, centred=True)
    for width in (60, 30, 40):
        child = QWidget()
        child.setFixedSize(width, 20)
        flow.addWidget(child)
    flow.setGeometry(QRect(10, 5, 100, 80))
    places = [flow.itemAt(i).geometry() for i in range(3)]
    assert [(p.x(), p.y()) for p in places] == [(13, 5), (77, 5), (40, 29)]

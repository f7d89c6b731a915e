"""Screens change by a short fade; nothing else moves."""

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, Qt
from PySide6.QtWidgets import QGraphicsOpacityEffect, QLabel, QWidget

FADE_MS = 200


def fade_from(screen: QWidget) -> None:
    """Lay a picture of ``screen`` as it is over it, and let that fade away."""
    veil = QLabel(screen)
    veil.setPixmap(screen.grab())
    veil.setGeometry(screen.rect())
    veil.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    effect = QGraphicsOpacityEffect(veil)
    veil.setGraphicsEffect(effect)
    fading = QPropertyAnimation(effect, b"opacity", veil)
    fading.setDuration(FADE_MS)
    fading.setStartValue(1.0)
    fading.setEndValue(0.0)
    fading.setEasingCurve(QEasingCurve.Type.OutQuad)
    fading.finished.connect(veil.deleteLater)
    veil.show()
    fading.start()

"""Kinds of welfare technology by which contacts, tenders and solutions are sorted."""

from __future__ import annotations

from lms.api import LocalisedText, TechnologyCategory

CATEGORIES = tuple(
    TechnologyCategory(key=key, title=LocalisedText(da=da, sv=sv, en=en))
    for key, da, sv, en in (
        ("moving", "Forflytning og løft", "Förflyttning och lyft", "Moving and lifting people"),
        ("toilet_bath", "Toilet og bad", "Toalett och bad", "Toilet and bath"),
        ("medicine", "Medicin", "Läkemedel", "Medicines"),
        ("alarms", "Kald, alarmer og sensorer", "Larm och sensorer", "Calls, alarms and sensors"),
        ("video", "Skærmbesøg og video", "Digitala besök och video", "Visits by screen and video"),
        ("training", "Træning og genoptræning", "Träning och rehabilitering", "Training"),
        ("meals", "Måltider og ernæring", "Måltider och näring", "Meals and nutrition"),
        ("cleaning", "Rengøring i hjemmet", "Städning i hemmet", "Cleaning at home"),
        ("memory", "Demens og hukommelse", "Demens och minne", "Dementia and memory"),
        ("robots", "Robotter", "Robotar", "Robots"),
        ("virtual", "Virtuel virkelighed", "Virtuell verklighet", "Virtual reality"),
        (
            "home_workplace",
            "Hjemmet som arbejdsplads",
            "Hemmet som arbetsplats",
            "Home as workplace",
        ),
        ("planning", "Planlægning og ruter", "Planering och rutter", "Planning and routes"),
        ("records", "Journal og data", "Journal och data", "Records and data"),
        ("other", "Andet", "Annat", "Something else"),
    )
)

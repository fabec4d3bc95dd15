"""The demo: 上坝镇 with invented people and a year of their deeds, booked through the same services as real ones.

Towns, villages and models are real, everybody in them is invented. Nothing here is reached without demo mode.
"""

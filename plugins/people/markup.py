"""Structured data of a person's page. Source: https://schema.org/ProfilePage"""

from __future__ import annotations

from typing import Any

from plugins.guard.photo import Photograph

from .profile import Profile


def profile_data(
    profile: Profile, url: str, portrait: Photograph | None, role: str, site_url: str, site_name: str
) -> dict[str, Any]:
    """The page as a ProfilePage about the Person; only what the page itself shows."""
    person: dict[str, Any] = {"@type": "Person", "name": profile.name, "url": f"{site_url}/{url}"}
    if portrait:
        person["image"] = f"{site_url}/{portrait.url}"
    if role:
        person["jobTitle"] = role
    if profile.kind == "staff" and not profile.left:
        person["worksFor"] = {"@type": "Organization", "name": site_name}
    if profile.languages:
        person["knowsLanguage"] = list(profile.languages)
    if profile.links:
        person["sameAs"] = list(profile.links)
    return {"@context": "https://schema.org", "@type": "ProfilePage", "mainEntity": person}

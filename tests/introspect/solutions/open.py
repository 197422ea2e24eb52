"""Figures for everybody."""

from fastapi import APIRouter
from notes.dependencies import StoreDep
from notes.schemas import Statistics

router = APIRouter(tags=["figures"])


@router.get("/figures", response_model=Statistics)
def figures(store: StoreDep) -> Statistics:
    return Statistics(users=len(store.users), notes=len(store.notes), comments=len(store.comments))

"""A program's channel over HTTP: posts, replies, what they said before, who is in it, and how far one has read."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.cooperation.actions import posts as actions
from app.features.cooperation.queries import allies
from app.features.cooperation.queries import posts as queries
from app.features.cooperation.schemas import (
    ChannelMember,
    PostCreate,
    PostPatch,
    PostQuery,
    PostRead,
    PostVersionRead,
    ReadMarkRead,
    ReadMarkUpdate,
    ReplyCreate,
)
from app.features.cooperation.tables import ChannelPost, ChannelPostVersion
from app.features.programs.tables import Program
from app.kit.pages import Page, PageQuery, answer_items, answer_page
from app.kit.wire import answer

router = APIRouter()
CHANNEL = "/programs/{programId}/channel-posts"
POST = "/channel-posts/{channelPostId}"
MARK = "/programs/{programId}/channel-read-mark"
Reading = Annotated[Scope[ChannelPost], on(ChannelPost, Permission.CHANNEL_READ)]
Editing = Annotated[Scope[ChannelPost], on(ChannelPost, Permission.CHANNEL_EDIT)]


@router.get(CHANNEL, operation_id="listChannelPosts", summary="Read a channel", response_model=Page[PostRead])
def list_channel_posts(
    scope: Annotated[Scope[Program], on(Program, Permission.CHANNEL_READ)], query: Annotated[PostQuery, Query()]
) -> Response:
    """Posts and replies, newest first; decisions, mentions and what is unread by filters. For the partners of the program.

    Inlägg och svar, nyaste först; beslut, omnämnanden och olästa med filter. För programmets parter.
    """
    seen, total = queries.posts(scope, query)
    return answer_items(scope.exchange, PostRead, seen, query, total)


@router.post(
    CHANNEL, operation_id="createChannelPost", summary="Post in a channel", status_code=201, response_model=PostRead
)
def create_channel_post(
    scope: Annotated[Scope[Program], on(Program, Permission.CHANNEL_WRITE)], body: PostCreate
) -> Response:
    """A post, a question or a decision, with links to files. Nothing about participants belongs here.

    Ett inlägg, en fråga eller ett beslut, med länkar till filer. Inget om deltagare hör hemma här.
    """
    return _made(scope, actions.publish_post(scope, body))


@router.get(POST, operation_id="getChannelPost", summary="Read a post", response_model=PostRead)
def get_channel_post(scope: Reading) -> Response:
    """One post or reply. / Ett inlägg eller svar."""
    return _told(scope, scope.row)


@router.patch(POST, operation_id="updateChannelPost", summary="Edit your post", response_model=PostRead)
def update_channel_post(scope: Editing, body: PostPatch) -> Response:
    """Your own; what it said is kept. / Ditt eget; det som stod sparas."""
    return _told(scope, actions.edit_post(scope, body))


@router.post(
    POST + "/withdrawal", operation_id="withdrawChannelPost", summary="Withdraw your post", response_model=PostRead
)
def withdraw_channel_post(scope: Editing) -> Response:
    """What it said is gone, its place stays. / Innehållet försvinner, platsen står kvar."""
    return _told(scope, actions.withdraw_post(scope))


@router.get(POST + "/replies", operation_id="listReplies", summary="Read replies", response_model=Page[PostRead])
def list_replies(scope: Reading, query: Annotated[PageQuery, Query()]) -> Response:
    """The replies to a post, oldest first. / Svaren på ett inlägg, äldsta först."""
    seen, total = queries.replies(scope, query)
    return answer_items(scope.exchange, PostRead, seen, query, total)


@router.post(
    POST + "/replies", operation_id="createReply", summary="Reply to a post", status_code=201, response_model=PostRead
)
def create_reply(
    scope: Annotated[Scope[ChannelPost], on(ChannelPost, Permission.CHANNEL_WRITE)], body: ReplyCreate
) -> Response:
    """One level deep: a reply has no replies. / I en nivå: ett svar har inga egna svar."""
    return _made(scope, actions.reply(scope, body))


@router.get(
    POST + "/versions",
    operation_id="listChannelPostVersions",
    summary="Read what a post said",
    response_model=Page[PostVersionRead],
)
def list_channel_post_versions(scope: Reading, query: Annotated[PageQuery, Query()]) -> Response:
    """What it said before it was edited, newest first. / Vad det stod innan det ändrades, nyast först."""
    keys = [ChannelPostVersion.number.desc()]  # type: ignore[attr-defined]  # a column
    return answer_page(scope.exchange, PostVersionRead, queries.versions(scope), query, keys=keys)


@router.get(
    "/programs/{programId}/channel-members",
    operation_id="listChannelMembers",
    summary="List who is in a channel",
    response_model=Page[ChannelMember],
)
def list_channel_members(
    scope: Annotated[Scope[Program], on(Program, Permission.CHANNEL_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The colleagues who read it today, by partner; they can be mentioned. / De som läser den i dag; de kan nämnas."""
    seen, total = allies.members(scope.session, scope.row.id, scope.today, query)
    return answer_items(scope.exchange, ChannelMember, seen, query, total)


@router.get(MARK, operation_id="getReadMark", summary="How far I have read", response_model=ReadMarkRead)
def get_read_mark(scope: Annotated[Scope[Program], on(Program, Permission.CHANNEL_READ)]) -> Response:
    """Your place in the channel, and how much is unread. / Din plats i kanalen, och hur mycket som är oläst."""
    return answer(scope.exchange, ReadMarkRead, queries.read_state(scope))


@router.put(MARK, operation_id="setReadMark", summary="Mark as read", response_model=ReadMarkRead)
def set_read_mark(
    scope: Annotated[Scope[Program], on(Program, Permission.CHANNEL_MARK, is_conditional=False)], body: ReadMarkUpdate
) -> Response:
    """Never goes back, so it may be sent again, in any order. / Går aldrig bakåt, så den kan skickas om."""
    actions.mark_read(scope, body)
    return answer(scope.exchange, ReadMarkRead, queries.read_state(scope))


def _made(scope: Scope[Program] | Scope[ChannelPost], post: ChannelPost) -> Response:
    base = scope.exchange.path.partition("/programs/")[0].partition("/channel-posts/")[0]
    (read,) = queries.told(scope, [post])
    return answer(scope.exchange, PostRead, read, status=201, location=f"{base}/channel-posts/{post.id}")


def _told(scope: Scope[ChannelPost], post: ChannelPost) -> Response:
    (read,) = queries.told(scope, [post])
    return answer(scope.exchange, PostRead, read)

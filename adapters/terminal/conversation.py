"""The conversation at the terminal: whoever types is the requester, and can play the support agent and the approver.

Every line becomes an arrival that is handed to `accept`, exactly as an event of a chat platform is, so nothing here knows what the desk
will make of it, and nothing is permitted here that a button or a message would not be. Lines are accepted as they come, also
while work goes on; the prompt comes back when the work has settled. What was typed without it stands somewhere among what was
told meanwhile, so it is shown again where it is heard.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import assert_never

from adapters.terminal.arrivals import Action, arrival, press, private_message
from adapters.terminal.commands import HELP, Become, Command, Decide, Help, Hold, Note, Quit, Say, parse
from adapters.terminal.lines import Lines
from adapters.terminal.telling import Look
from adapters.terminal.threads import Matter, matter, waiting
from adapters.terminal.voice import Voice
from bot.errors import DeskmateError
from bot.ids import new_id
from bot.message import Arrival
from bot.ports import Clock


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who can be played at this terminal."""

    people: Mapping[str, str]
    """E-mail → name."""
    agents: Mapping[str, Collection[str]]
    """Support channel → its agents' e-mails."""

    def name(self, email: str) -> str:
        """Return a person's name; for somebody unknown, one made of the e-mail."""
        known = self.people.get(email)
        return known or email.partition("@")[0].replace(".", " ").title() or email

    def agent_for(self, found: Matter, me: str) -> str | None:
        """Return who acts for support: the person at the terminal when they may, else an agent who is not the requester."""
        agents = sorted(self.agents.get(found.thread.channel, ()))
        if me in agents:
            return me
        return next((email for email in agents if email != found.requester_email), None)


class TerminalConversation:
    """Reads lines until the end; `settled` returns once no work is under way."""

    def __init__(
        self,
        *,
        voice: Voice,
        lines: Lines,
        look: Look,
        clock: Clock,
        cast: Cast,
        accept: Callable[[Arrival], Awaitable[None]],
        settled: Callable[[], Awaitable[None]],
        me: str,
    ) -> None:
        self._voice = voice
        self._lines = lines
        self._look = look
        self._clock = clock
        self._cast = cast
        self._accept = accept
        self._settled = settled
        self._me = me

    async def converse(self) -> None:
        """Talk until /quit or the end of the input, and return once the work is done; a cancellation (Ctrl-C) ends it at once."""
        self._voice.say(f"You are {self._cast.name(self._me)}. Type what you need, or /help.")
        while True:
            line = await self._next_line()
            prompted = self._voice.entered()
            self._voice.prompt("")
            command = parse(line) if line is not None else Quit()
            if isinstance(command, Quit):
                break
            if not self._lines.typed:
                await self._settled()  # a script means each line to find the work of those before it done
            if command is not None:
                await self._do(command, visible=prompted and self._lines.typed and self._voice.interactive)
        await self._settled()
        await self._voice.drained()

    async def _next_line(self) -> str | None:
        """Return the next line, having shown the prompt if the work settles before it comes."""
        reading = asyncio.create_task(self._lines.next())
        ready = asyncio.create_task(self._show_prompt())
        try:
            await asyncio.wait({reading, ready}, return_when=asyncio.FIRST_COMPLETED)
            if ready.done():
                ready.result()  # what fails while it waits is not kept silent
            return await reading
        finally:
            ready.cancel()
            reading.cancel()

    async def _show_prompt(self) -> None:
        await self._settled()
        await self._voice.drained()
        self._voice.prompt(f"{self._cast.name(self._me)} >")

    async def _do(self, command: Command, *, visible: bool) -> None:
        try:
            await self._obey(command, visible=visible)
        except DeskmateError as error:
            self._voice.complain(f"That was not accepted: {error} Type it again.")

    async def _obey(self, command: Command, *, visible: bool) -> None:
        match command:
            case Say(text=text):
                said = arrival(self._me, self._cast.name(self._me), text, new_id(), self._clock.now())
                await self._hand_in(said, visible=visible)
            case Become(email=email):
                self._me = email
                self._voice.say(f"You are {self._cast.name(email)} now.")
            case Note():
                await self._note(command)
            case Hold() | Decide():
                await self._press(command)
            case Help(wrong=wrong):
                if wrong:
                    self._voice.complain(f"{wrong} Type /help to see what else there is.")
                else:
                    self._voice.listing(HELP)
            case Quit():
                return
            case _:
                assert_never(command)

    async def _note(self, command: Note) -> None:
        played = self._agent(await self._look.read(lambda reader: matter(reader, command.number)))
        if played is None:
            return
        found, email = played
        name, now = self._cast.name(email), self._clock.now()
        await self._hand_in(private_message(found.thread, email, name, command.text, new_id(), now))

    async def _press(self, command: Hold | Decide) -> None:
        number = command.number
        found = await self._look.read(lambda reader: matter(reader, number) if number else waiting(reader))
        if isinstance(command, Decide) and isinstance(found, Matter) and found.approval is None:
            found = f"No approval of {number} is waiting."
        played = self._agent(found)
        if played is None:
            return
        about, email = played
        action: Action = command.action
        waits = about.approval
        subject = waits.id if isinstance(command, Decide) and waits is not None else about.request.id
        name, now = self._cast.name(email), self._clock.now()
        self._voice.say(f"{name} presses {action.replace('_', ' ')} for {about.request.number}")
        await self._hand_in(press(about.thread, email, name, action, subject, new_id(), now))

    def _agent(self, found: Matter | str) -> tuple[Matter, str] | None:
        """Return the matter with the agent who acts, or say why nobody does."""
        if isinstance(found, str):
            self._voice.complain(found)
            return None
        email = self._cast.agent_for(found, self._me)
        if email is None:
            self._voice.complain(f"Nobody here is an agent for {found.request.number}. Name one in people.yaml.")
            return None
        return found, email

    async def _hand_in(self, item: Arrival, *, visible: bool = False) -> None:
        self._voice.hear(item, visible=visible)
        await self._accept(item)

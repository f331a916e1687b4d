# The server image: no embedded database, no tools, no secrets. Settings come from MENTORSKAP_* variables at run time.
# Written without a container engine at hand: it has not been built yet. Whoever builds it first, please tell us.

FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements-server.lock .
RUN python -m venv /opt/mentorskap \
 && /opt/mentorskap/bin/python -m pip install --no-cache-dir --only-binary=:all: --require-hashes -r requirements-server.lock

FROM python:3.13-slim
RUN useradd --system --no-create-home --shell /usr/sbin/nologin mentorskap
COPY --from=build /opt/mentorskap /opt/mentorskap
WORKDIR /srv/mentorskap
COPY alembic.ini pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY app app
# The command `mentorskap`, as an installed package would give it; a build backend would have to be fetched unlocked.
RUN printf '#!/bin/sh\nexec /opt/mentorskap/bin/python -m app.cli "$@"\n' > /usr/local/bin/mentorskap \
 && chmod 755 /usr/local/bin/mentorskap
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/srv/mentorskap
USER mentorskap
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["/opt/mentorskap/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["mentorskap", "serve", "--host", "0.0.0.0"]

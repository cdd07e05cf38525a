# One image for every part of Polypress. docker-compose.yml builds and runs it; docs/operators.md says how.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements/build.txt requirements/run.txt requirements/
# requirements/run.txt is complete without what docs/adr/0001 leaves out, hence --no-deps.
RUN python -m venv --without-pip /opt/polypress
RUN python -m pip --python /opt/polypress/bin/python install --require-hashes --no-deps -r requirements/run.txt
RUN python -m pip install --require-hashes --no-deps -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY workflow workflow
COPY workers workers
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .
RUN python -m pip --python /opt/polypress/bin/python install --no-deps --no-index --find-links dist polypress

FROM python:3.11-slim-bookworm
# UID:GID of whoever reviews the catalogs, so that they may write what the hub writes.
ARG RUN_AS=1000:1000
COPY --from=build /opt/polypress /opt/polypress
RUN mkdir /project /packages && chown "$RUN_AS" /project /packages
# One OpenMP thread: Polypress decodes on threads of its own. HOME: this user may have none.
ENV PATH=/opt/polypress/bin:$PATH HOME=/tmp OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1
WORKDIR /project
USER $RUN_AS
CMD ["polypress", "--help"]

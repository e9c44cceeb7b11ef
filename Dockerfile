# Likeness without installing anything but Docker:
#
#   docker build --tag likeness .
#   docker run --rm --volume "$PWD:/book" --user "$(id -u):$(id -g)" likeness new my-book
#   docker run --rm --volume "$PWD/my-book:/book" --user "$(id -u):$(id -g)" likeness build
FROM swift:6.3.1-bookworm AS build
WORKDIR /likeness
COPY Makefile Package.swift ./
# The Makefile knows the packages and installs the newest of each.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && make packages \
    && rm -rf /var/lib/apt/lists/*
COPY . .
RUN make install PACKAGES= PREFIX=/usr/local DESTDIR=/installed

FROM debian:bookworm-slim
# Security updates are wanted, so no version is pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
       ca-certificates fonts-dejavu-core libcairo2 libcmark-gfm-extensions0.29.0.gfm.6 libcmark-gfm0.29.0.gfm.6 \
       libcurl4 libdnnl2 libjpeg62-turbo libmicrohttpd12 libopenblas0-pthread libpng16-16 libssl3 libstdc++6 \
       opencv-data tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 likeness
COPY --from=build /installed/usr/local /usr/local
USER 1000
WORKDIR /book
ENTRYPOINT ["likeness"]
CMD ["--help"]

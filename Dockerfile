# syntax=docker/dockerfile:1

# The program is one static file; pages, texts, migrations and reference data are inside it.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION=unknown
ENV CGO_ENABLED=0 GOFLAGS=-buildvcs=false
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go build -trimpath -ldflags "-s -w -X main.build=${VERSION}" -o /samspil ./cmd/samspil

# Certificates, time zones and a user without rights; no shell, no package manager.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /samspil /samspil
USER 65532:65532
# In a container the network decides who gets to the port, so we listen to all of it.
ENV HOST=0.0.0.0 PORT=8080
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["/samspil", "healthcheck"]
ENTRYPOINT ["/samspil"]
CMD ["serve"]

//! Connections: how many there may be, and how long one may say nothing.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;

/// Bounds of connections. A person's browser holds one (HTTP/2) to six (HTTP/1.1).
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Connections at once, of everybody together; more are closed at once.
    pub most: usize,
    /// From a connection's beginning to the end of its first request's headers, and for the TLS handshake before.
    pub first: Duration,
    /// For the headers of every later request, its waiting included (HTTP/1.1).
    pub header: Duration,
    /// Without a single byte from the other end.
    pub silent: Duration,
    /// Until the other end takes a byte of an answer.
    pub stalled: Duration,
    /// Until a renewed certificate is looked for again.
    pub renewal: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            most: 4_096,
            first: Duration::from_secs(10),
            header: Duration::from_secs(30),
            // Longer than any request but an upload, which sends bytes all the time.
            silent: Duration::from_secs(120),
            stalled: Duration::from_secs(30),
            renewal: Duration::from_secs(10),
        }
    }
}

/// Lets connections in as long as there is room, each with its timeouts.
#[derive(Clone)]
pub(crate) struct Gate {
    room: Arc<Semaphore>,
    patience: Patience,
}

impl Gate {
    pub(crate) fn new(patience: Patience) -> Self {
        Self { room: Arc::new(Semaphore::new(patience.most)), patience }
    }
}

impl<S> Accept<TcpStream, S> for Gate {
    type Stream = Connection;
    type Service = S;
    type Future = std::future::Ready<io::Result<(Connection, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Ok(room) = self.room.clone().try_acquire_owned() else {
            return std::future::ready(Err(io::Error::other("too many connections")));
        };
        // Answers are written whole: waiting for more bytes only adds delay.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_read_timeout(Some(self.patience.silent));
        stream.set_write_timeout(Some(self.patience.stalled));
        std::future::ready(Ok((Connection { stream: Box::pin(stream), _room: room }, service)))
    }
}

/// A connection that was let in; its place is free again when it is dropped.
pub(crate) struct Connection {
    stream: Pin<Box<TimeoutStream<TcpStream>>>,
    _room: OwnedSemaphorePermit,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

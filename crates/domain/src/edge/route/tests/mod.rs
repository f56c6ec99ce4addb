mod inbound;
mod internal;
mod outbound;
mod plain;

//! Functions that need more than the values of their arguments: files, templates, what only the deployment knows, and those
//! that evaluate their arguments themselves.
//!
//! What they do is in [`crate::resolve::terraform::eval::call`] and its neighbours. The bodies answer where there is no
//! module to start from: when inputs are filled in later.

use super::args::{ANY, Also, Read, Row, Spreads, known, total};
use super::encode::base64;
use super::hash::{base64sha256, base64sha512, md5, sha1, sha256, sha512};
use crate::value::{Cx, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    known("file", (1, 1), Ty::String, Cx::opaque)
        .attribute("content")
        .asserting()
        .also(Also::Reads(Read::Text)),
    known("fileexists", (1, 1), Ty::Bool, Cx::opaque).also(Also::Reads(Read::Exists)),
    known("fileset", (2, 2), Ty::Dynamic, Cx::opaque).also(Also::Reads(Read::Listing)),
    of_bytes("filebase64", "content_base64", base64),
    of_bytes("filemd5", "content_md5", md5),
    of_bytes("filesha1", "content_sha1", sha1),
    of_bytes("filesha256", "content_sha256", sha256),
    of_bytes("filesha512", "content_sha512", sha512),
    of_bytes("filebase64sha256", "content_base64sha256", base64sha256),
    of_bytes("filebase64sha512", "content_base64sha512", base64sha512),
    known("templatefile", (2, 2), Ty::Dynamic, Cx::opaque).asserting().also(Also::Renders { file: true }),
    known("templatestring", (2, 2), Ty::Dynamic, Cx::opaque).also(Also::Renders { file: false }),
    total("timestamp", (0, 0), Ty::String, Cx::opaque).also(Also::Differs),
    total("uuid", (0, 0), Ty::String, Cx::opaque).also(Also::Differs),
    known("bcrypt", (1, 2), Ty::String, Cx::opaque).also(Also::Differs),
    total("plantimestamp", (0, 0), Ty::String, Cx::opaque).also(Also::Deploys),
    known("try", (1, ANY), Ty::Dynamic, Cx::opaque).spreading(Spreads::Nowhere).also(Also::Tries),
    total("can", (1, 1), Ty::Bool, Cx::opaque).spreading(Spreads::Nowhere).also(Also::Asks),
    total("known_or_symbol", (2, 2), Ty::Dynamic, Cx::opaque).spreading(Spreads::Nowhere).also(Also::Labels),
];

const fn of_bytes(name: &'static str, attribute: &'static str, what: fn(&[u8]) -> Value) -> Row {
    known(name, (1, 1), Ty::String, Cx::opaque).attribute(attribute).also(Also::Reads(Read::Bytes(what)))
}

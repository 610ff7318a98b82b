//! Mailboxes and single mails. Any bytes give rows or complaints, never a panic.

use std::io::{BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::mailbox::mbox::MessageIterator;
use mail_parser::{Address, MessageParser};
use records::import::{FileError, Format, Rows};

/// The columns of a mail, named as the fields they become.
const COLUMNS: [&str; 6] = ["message_key", "occurred_at", "from_address", "to_address", "subject", "body"];
/// Most characters of a mail's text that are kept.
const MAX_TEXT: usize = 20_000;
/// Largest single mail.
const MAX_MAIL: usize = 50 * 1024 * 1024;

/// A mailbox file.
pub(crate) struct Mbox;
/// One mail.
pub(crate) struct Eml;

impl Format for Mbox {
    fn name(&self) -> &'static str {
        "mbox"
    }

    fn objects(&self) -> &'static [&'static str] {
        &["communication"]
    }

    fn recognises(&self, head: &[u8], _filename: &str) -> bool {
        head.starts_with(b"From ")
    }

    fn open(&self, file: Box<dyn Read + Send>) -> Result<Box<dyn Rows>, FileError> {
        let mails = MessageIterator::new(BufReader::new(file)).map(|mail| {
            mail.map(mail_parser::mailbox::mbox::Message::unwrap_contents).map_err(|_| unreadable())
        });
        Ok(Box::new(Mails { mails: Box::new(mails), header: header(), line: 0, ended: false }))
    }

    fn suggest(&self, header: &str) -> Option<&'static str> {
        suggest(header)
    }
}

impl Format for Eml {
    fn name(&self) -> &'static str {
        "eml"
    }

    fn objects(&self) -> &'static [&'static str] {
        &["communication"]
    }

    fn recognises(&self, head: &[u8], filename: &str) -> bool {
        let first = head.split(|b| *b == b'\n').next().unwrap_or_default();
        let name = first.split(|b| *b == b':').next().unwrap_or_default();
        let headed = first.contains(&b':')
            && !name.is_empty()
            && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
        headed || filename.to_ascii_lowercase().ends_with(".eml")
    }

    fn open(&self, mut file: Box<dyn Read + Send>) -> Result<Box<dyn Rows>, FileError> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|_| unreadable())?;
        let mails = Box::new(std::iter::once(Ok(bytes)));
        Ok(Box::new(Mails { mails, header: header(), line: 0, ended: false }))
    }

    fn suggest(&self, header: &str) -> Option<&'static str> {
        suggest(header)
    }
}

fn header() -> Vec<String> {
    COLUMNS.map(str::to_owned).to_vec()
}

fn suggest(header: &str) -> Option<&'static str> {
    COLUMNS.into_iter().find(|c| *c == header)
}

fn unreadable() -> FileError {
    FileError { key: "unreadable_file", detail: "the file cannot be read".to_owned() }
}

fn broken(detail: &str) -> FileError {
    FileError { key: "broken", detail: detail.to_owned() }
}

type Source = Box<dyn Iterator<Item = Result<Vec<u8>, FileError>> + Send>;

struct Mails {
    mails: Source,
    header: Vec<String>,
    line: u64,
    ended: bool,
}

impl Rows for Mails {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn encoding(&self) -> &'static str {
        "mime"
    }

    fn next_row(&mut self) -> Option<(u64, Result<Vec<String>, FileError>)> {
        if self.ended {
            return None;
        }
        let mail = self.mails.next()?;
        self.line += 1;
        let row = match mail {
            Err(error) => {
                self.ended = true;
                Err(error)
            }
            Ok(bytes) if bytes.len() > MAX_MAIL => Err(broken("the mail is larger than 50 MB")),
            Ok(bytes) => catch_unwind(AssertUnwindSafe(|| cells(&bytes)))
                .unwrap_or_else(|_| Err(broken("the mail is damaged and cannot be read"))),
        };
        Some((self.line, row))
    }
}

/// A mail as its columns.
fn cells(raw: &[u8]) -> Result<Vec<String>, FileError> {
    let mended = mend(raw);
    let bytes = mended.as_deref().unwrap_or(raw);
    let mail =
        MessageParser::default().parse(bytes).ok_or_else(|| broken("this is no mail: it has no headers"))?;
    let from = addresses(mail.from());
    let date = mail.date().filter(|d| d.is_valid()).map(mail_parser::DateTime::to_timestamp);
    let Some(date) = date.and_then(|s| s.checked_mul(1_000_000)) else {
        return Err(broken("the mail has no readable date"));
    };
    let Some(from) = from.into_iter().next() else {
        return Err(broken("the mail has no readable sender"));
    };
    let mut to = addresses(mail.to());
    to.extend(addresses(mail.cc()));
    let mut line = String::new();
    for address in to {
        if line.len() + address.len() > 1_900 {
            break;
        }
        if !line.is_empty() {
            line.push_str("; ");
        }
        line.push_str(&address);
    }
    let key = mail.message_id().map_or_else(|| digest(raw), str::to_owned);
    let text = mail.body_text(0).unwrap_or_default();
    Ok(vec![
        cut(&key, 900),
        kernel::Timestamp(date).to_string(),
        cut(&from, 254),
        line,
        cut(mail.subject().unwrap_or_default(), 500),
        cut(&text, MAX_TEXT),
    ])
}

fn addresses(list: Option<&Address<'_>>) -> Vec<String> {
    let Some(list) = list else { return Vec::new() };
    list.iter()
        .filter_map(|a| a.address())
        .map(|a| a.trim().to_lowercase())
        .filter(|a| a.contains('@'))
        .collect()
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(most).collect()
}

/// Old Chinese mailers write GBK bytes without saying so: headers, and bodies without a charset, become UTF-8.
fn mend(raw: &[u8]) -> Option<Vec<u8>> {
    if std::str::from_utf8(raw).is_ok() {
        return None;
    }
    let end = raw
        .windows(2)
        .zip(1..)
        .find(|(w, i)| *w == b"\n\n" || (*w == b"\r\n" && raw[..*i - 1].ends_with(b"\n")))
        .map_or(raw.len(), |(_, i)| i);
    let (head, body) = raw.split_at(end);
    let declared = raw.windows(8).any(|w| w.eq_ignore_ascii_case(b"charset="));
    let mut out = recoded(head);
    out.extend(if declared { body.to_vec() } else { recoded(body) });
    Some(out)
}

fn recoded(bytes: &[u8]) -> Vec<u8> {
    if std::str::from_utf8(bytes).is_ok() {
        return bytes.to_vec();
    }
    encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned().into_bytes()
}

/// A name for a mail that brings none: the same bytes, the same name.
fn digest(raw: &[u8]) -> String {
    let fnv = |seed: u64| {
        raw.iter().fold(seed, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
    };
    format!("{:016x}{:016x}@no-message-id", fnv(0xcbf2_9ce4_8422_2325), fnv(0x6c62_272e_07bb_0142))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn rows(bytes: Vec<u8>) -> Vec<Result<Vec<String>, FileError>> {
        let mut rows = Mbox.open(Box::new(Cursor::new(bytes))).unwrap();
        std::iter::from_fn(|| rows.next_row().map(|(_, r)| r)).collect()
    }

    #[test]
    fn gbk_and_broken_mails_are_read_or_complained_about() {
        let (subject, _, _) = encoding_rs::GB18030.encode("报价单");
        let mut bytes = b"From a@b.cn Mon Nov 23 10:00:00 2026\nFrom: <a@b.cn>\nTo: c@d.cn\n".to_vec();
        bytes.extend(b"Date: Mon, 23 Nov 2026 10:00:00 +0800\nMessage-ID: <1@b.cn>\nSubject: ");
        bytes.extend(&*subject);
        bytes.extend(b"\n\n");
        bytes.extend(&*subject);
        bytes.extend(b"\n\nFrom x\n\xff\xfe\x00 nonsense\n\nFrom y Mon Nov 23 10:00:00 2026\nSubject: no date\n\nhello\n");
        let rows = rows(bytes);
        assert_eq!(rows.len(), 3);
        let first = rows[0].as_ref().unwrap();
        assert_eq!(first[0], "1@b.cn");
        assert_eq!(first[2], "a@b.cn");
        assert_eq!(first[4], "报价单");
        assert_eq!(first[5].trim(), "报价单");
        assert!(rows[1].is_err() && rows[2].is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let mut rows = Mbox.open(Box::new(Cursor::new([b"From \n".to_vec(), bytes].concat()))).unwrap();
            while rows.next_row().is_some() {}
        }
    }
}

//! The company: its people, its customers, and how they came to be over the last eighteen months.

use identity::{SeedDepartment, SeedPerson};
use kernel::{DepartmentId, Ids, PersonId, SeededRandom, Timestamp, Value};
use uuid::Uuid;

use super::Made;
use super::talk;
use super::words::{BRANDS, CITIES, GIVEN, PREFIXES, PRODUCTS, SECOND, SURNAMES, TITLES, TRADES};

/// The demo company's name.
pub(crate) const NAME: &str = "守信示范科技有限公司";
/// How far back it reaches, in days.
const DAYS: i64 = 540;

/// How large the company is.
pub(crate) struct Sizes {
    pub(crate) people: usize,
    pub(crate) customers: usize,
    pub(crate) contacts: usize,
    pub(crate) deals: usize,
    pub(crate) communications: usize,
    pub(crate) tasks: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            people: 60,
            customers: 5_000,
            contacts: 12_000,
            deals: 2_000,
            communications: 40_000,
            tasks: 3_000,
        }
    }
}

struct Member {
    id: PersonId,
    name: String,
    login: String,
    role: &'static str,
    department: usize,
}

/// A seeded company; every list is the same for the same seed and day.
pub(crate) struct Company {
    random: SeededRandom,
    sizes: Sizes,
    now: Timestamp,
    departments: Vec<(DepartmentId, &'static str, Option<usize>)>,
    people: Vec<Member>,
    /// Customers' names, owners and times, by place.
    names: Vec<CustomerFacts>,
}

struct CustomerFacts {
    name: String,
    owner: PersonId,
    at: Timestamp,
    city: usize,
    industry: &'static str,
}

const TREE: &[(&str, Option<usize>)] = &[
    (NAME, None),
    ("销售中心", Some(0)),
    ("华东销售部", Some(1)),
    ("华南销售部", Some(1)),
    ("华北销售部", Some(1)),
    ("大客户部", Some(1)),
    ("客户服务中心", Some(0)),
    ("市场部", Some(0)),
    ("信息技术部", Some(0)),
];

fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

impl Company {
    /// Makes the staff and the facts about customers that everything else hangs on.
    pub(crate) fn generate(seed: u64, sizes: &Sizes, now: Timestamp) -> Self {
        let random = SeededRandom::new(seed);
        let ids = Ids::default();
        let founded = now.plus_seconds(-(DAYS + 30) * 86_400);
        let departments: Vec<_> =
            TREE.iter().map(|(name, parent)| (ids.next_at(founded, &random), *name, *parent)).collect();
        let mut company = Self {
            random,
            sizes: Sizes { ..*sizes },
            now,
            departments,
            people: Vec::new(),
            names: Vec::new(),
        };
        company.hire(&ids, founded);
        company.meet();
        company
    }

    fn pick<'a, T>(&self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    fn below(&self, n: usize) -> usize {
        usize::try_from(self.random.below(n as u64)).unwrap_or(0)
    }

    /// Chance of `n` in a hundred.
    fn chance(&self, n: u64) -> bool {
        self.random.below(100) < n
    }

    fn person_name(&self) -> String {
        format!("{}{}", self.pick(SURNAMES), self.pick(GIVEN))
    }

    /// A name that no colleague has.
    fn new_colleague(&self) -> String {
        loop {
            let name = self.person_name();
            if !self.people.iter().any(|p| p.name == name) {
                return name;
            }
        }
    }

    fn hire(&mut self, ids: &Ids, at: Timestamp) {
        let add = |company: &mut Self, login: String, name: String, role: &'static str, department: usize| {
            let id = ids.next_at(at, &company.random);
            company.people.push(Member { id, name, login, role, department });
        };
        add(self, "system".to_owned(), "系统管理员".to_owned(), "system", 8);
        add(self, "security".to_owned(), "安全管理员".to_owned(), "security", 8);
        add(self, "audit".to_owned(), "审计管理员".to_owned(), "audit", 8);
        let boss = self.new_colleague();
        add(self, "manager".to_owned(), boss, "manager", 1);
        for (i, department) in [2usize, 3, 4, 5].into_iter().enumerate() {
            let name = self.new_colleague();
            add(self, format!("manager{}", i + 1), name, "manager", department);
        }
        let (mut sales, mut service) = (0, 0);
        while self.people.len() < self.sizes.people {
            let name = self.new_colleague();
            if self.people.len() % 5 == 4 {
                service += 1;
                let login = if service == 1 { "service".to_owned() } else { format!("service{service}") };
                add(self, login, name, "service", 6);
            } else {
                sales += 1;
                let login = if sales == 1 { "sales".to_owned() } else { format!("sales{sales}") };
                add(self, login, name, "sales", 2 + sales % 4);
            }
        }
    }

    /// A moment in working hours, more often lately; weekends are thin.
    fn workday(&self, since: Timestamp) -> Timestamp {
        let span = u64::try_from((self.now.0 - since.0) / 86_400_000_000).unwrap_or(0).max(1);
        for _ in 0..8 {
            // The larger of two draws: business grows.
            let days = self.random.below(span).max(self.random.below(span));
            let day = since.day() + i64::try_from(days).unwrap_or(0);
            // 1970-01-01 was a Thursday.
            let weekend = matches!((day + 3).rem_euclid(7), 5 | 6);
            if weekend && !self.chance(8) {
                continue;
            }
            // 9 to 18 o'clock in China, which is 1 to 10 in UTC; few after 17.
            let hour = if self.chance(90) { 1 + self.random.below(8) } else { 9 + self.random.below(3) };
            let seconds = i64::try_from(hour * 3_600 + self.random.below(3_600)).unwrap_or(0);
            let at = Timestamp(Timestamp::from_day(day).0 + seconds * 1_000_000);
            if at < self.now && at >= since {
                return at;
            }
        }
        since.plus_seconds(3_600).min(self.now)
    }

    fn meet(&mut self) {
        let owners: Vec<PersonId> =
            self.people.iter().filter(|p| matches!(p.role, "sales" | "manager")).map(|p| p.id).collect();
        let start = self.now.plus_seconds(-DAYS * 86_400);
        for _ in 0..self.sizes.customers {
            // The smaller of two draws: some sell much, most sell some.
            let owner = owners[self.below(owners.len()).min(self.below(owners.len()))];
            let city = self.below(CITIES.len());
            let (trade, industry) = *self.pick(TRADES);
            let name = if self.chance(6) {
                self.person_name()
            } else {
                let form = if self.chance(20) { "股份有限公司" } else { "有限公司" };
                format!("{}{}{}{trade}{form}", CITIES[city].0, self.pick(BRANDS), self.pick(SECOND))
            };
            self.names.push(CustomerFacts { name, owner, at: self.workday(start), city, industry });
        }
    }

    /// All records.
    pub(crate) fn total(&self) -> usize {
        let s = &self.sizes;
        s.customers + s.contacts + s.deals + s.communications + s.tasks
    }

    /// Departments and people as identity takes them.
    pub(crate) fn staff(&self, password_hash: &str) -> (Vec<SeedDepartment>, Vec<SeedPerson>) {
        let departments = self
            .departments
            .iter()
            .map(|(id, name, parent)| SeedDepartment {
                id: *id,
                name: (*name).to_owned(),
                parent: parent.map(|p| self.departments[p].0),
            })
            .collect();
        let boss_of = |member: &Member| {
            let boss = self.people.iter().find(|p| p.role == "manager" && p.department == member.department);
            boss.filter(|b| b.id != member.id).map(|b| b.id)
        };
        let people = self
            .people
            .iter()
            .map(|p| SeedPerson {
                id: p.id,
                name: p.name.clone(),
                login: p.login.clone(),
                role: p.role.to_owned(),
                department: self.departments[p.department].0,
                manager: boss_of(p),
                password: password_hash.to_owned(),
                must_change: false,
            })
            .collect();
        (departments, people)
    }

    /// Login, role and name of everybody.
    pub(crate) fn accounts(&self) -> Vec<(String, String, String)> {
        self.people.iter().map(|p| (p.login.clone(), p.role.to_owned(), p.name.clone())).collect()
    }

    fn mobile(&self) -> String {
        format!("{}{:08}", self.pick(PREFIXES), self.random.below(100_000_000))
    }

    /// 18 characters with a right check digit (GB 11643).
    fn resident_id(&self) -> String {
        const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let area = [110_105, 310_115, 330_106, 440_305, 510_107][self.below(5)];
        let body = format!(
            "{area}{:04}{:02}{:02}{:03}",
            1965 + self.random.below(35),
            1 + self.random.below(12),
            1 + self.random.below(28),
            self.random.below(1_000)
        );
        let sum: u64 = body.bytes().zip(WEIGHTS).map(|(b, w)| u64::from(b - b'0') * w).sum();
        format!("{body}{}", char::from(b"10X98765432"[usize::try_from(sum % 11).unwrap_or(0)]))
    }

    /// Customers.
    pub(crate) fn customers(&self) -> Vec<Made> {
        self.names.iter().enumerate().map(|(i, facts)| self.customer(i, facts)).collect()
    }

    fn customer(&self, i: usize, facts: &CustomerFacts) -> Made {
        let person = !facts.name.ends_with("公司");
        let (_, region, street) = CITIES[facts.city];
        let stage = *self.pick(&[
            "lead",
            "lead",
            "contacted",
            "contacted",
            "qualified",
            "active",
            "active",
            "dormant",
            "lost",
        ]);
        let level = *self.pick(&["a", "b", "b", "c", "c", "c", "d"]);
        let source =
            *self.pick(&["referral", "exhibition", "website", "website", "ads", "cold_call", "partner"]);
        let mut fields = vec![
            ("name", text(facts.name.as_str())),
            ("kind", text(if person { "person" } else { "company" })),
            ("level", text(level)),
            ("stage", text(stage)),
            ("industry", text(facts.industry)),
            ("source", text(source)),
            ("region", text(region)),
            ("phone", text(self.mobile())),
            ("email", text(format!("info{i}@example.com"))),
            (
                "address",
                text(format!("{street}{}号{}室", 1 + self.random.below(999), 101 + self.random.below(2_000))),
            ),
            ("last_contact_at", Value::Time(self.workday(facts.at))),
        ];
        if person {
            fields.push(("id_number", text(self.resident_id())));
        } else {
            fields.push(("credit_code", text(format!("9131{:014}", self.random.below(100_000_000_000_000)))));
        }
        if self.chance(55) {
            let days = i64::try_from(self.random.below(21)).unwrap_or(0) - 6;
            fields.push(("next_contact_at", Value::Time(self.now.plus_seconds(days * 86_400))));
        }
        if self.chance(40) {
            fields.push((
                "note",
                text(format!("{}，关注{}", talk::habit(self.below(talk::HABITS)), self.pick(PRODUCTS))),
            ));
        }
        Made { owner: facts.owner, at: facts.at, fields }
    }

    /// Contacts of customers.
    pub(crate) fn contacts(&self, customers: &[Uuid]) -> Vec<Made> {
        (0..self.sizes.contacts)
            .map(|i| {
                let c = if i < customers.len() { i } else { self.below(customers.len()) };
                let facts = &self.names[c];
                let (title, role) = *self.pick(TITLES);
                let fields = vec![
                    ("customer", Value::Id(customers[c])),
                    ("name", text(self.person_name())),
                    ("title", text(title)),
                    ("role", text(role)),
                    ("phone", text(self.mobile())),
                    ("email", text(format!("contact{i}@example.com"))),
                    ("wechat", text(format!("wx_{:06}", self.random.below(1_000_000)))),
                    ("primary", Value::Bool(i < customers.len())),
                ];
                Made { owner: facts.owner, at: self.workday(facts.at), fields }
            })
            .collect()
    }

    /// Deals.
    pub(crate) fn deals(&self, customers: &[Uuid]) -> Vec<Made> {
        (0..self.sizes.deals)
            .map(|_| {
                let c = self.below(customers.len());
                let facts = &self.names[c];
                let at = self.workday(facts.at);
                let stage = *self.pick(&[
                    "qualify",
                    "visit",
                    "visit",
                    "proposal",
                    "proposal",
                    "negotiate",
                    "won",
                    "won",
                    "lost",
                ]);
                let probability = match stage {
                    "qualify" => 10,
                    "visit" => 30,
                    "proposal" => 50,
                    "negotiate" => 75,
                    "won" => 100,
                    _ => 0,
                };
                let close = self.now.day() + i64::try_from(self.random.below(120)).unwrap_or(0) - 20;
                let product = self.pick(PRODUCTS);
                let mut fields = vec![
                    ("customer", Value::Id(customers[c])),
                    ("title", text(format!("{product}项目"))),
                    ("stage", text(stage)),
                    (
                        "amount",
                        Value::Int(i64::try_from((1 + self.random.below(400)) * 500_000).unwrap_or(0)),
                    ),
                    ("probability", Value::Int(probability)),
                    ("expected_close", Value::Day(close)),
                ];
                if matches!(stage, "won" | "lost") {
                    fields.push(("closed_at", Value::Time(self.workday(at))));
                }
                if stage == "lost" {
                    fields.push(("lost_reason", text(talk::loss(self.below(talk::LOSSES)))));
                }
                Made { owner: facts.owner, at, fields }
            })
            .collect()
    }

    /// Communications in every channel.
    pub(crate) fn communications(&self, customers: &[Uuid], contacts: &[Uuid]) -> Vec<Made> {
        (0..self.sizes.communications)
            .map(|_| {
                let c = self.below(customers.len());
                let facts = &self.names[c];
                let at = self.workday(facts.at);
                let channel = *self.pick(&[
                    "email", "email", "email", "call", "call", "call", "chat", "chat", "meeting", "note",
                ]);
                let direction = match channel {
                    "note" => "internal",
                    _ if self.chance(45) => "in",
                    _ => "out",
                };
                let said = talk::Said {
                    product: self.pick::<&str>(PRODUCTS),
                    surname: self.pick::<&str>(SURNAMES),
                    price: 3 + self.random.below(90),
                    days: 2 + self.random.below(20),
                    pick: self.random.next_u64(),
                };
                let (subject, body) = said.in_channel(channel);
                let mut fields = vec![
                    ("customer", Value::Id(customers[c])),
                    ("channel", text(channel)),
                    ("direction", text(direction)),
                    ("occurred_at", Value::Time(at)),
                    ("subject", text(subject)),
                    ("body", text(body)),
                    ("status", text("matched")),
                ];
                // The first contacts belong to the customers of the same place.
                if let Some(contact) = contacts.get(c) {
                    fields.push(("contact", Value::Id(*contact)));
                }
                if matches!(channel, "call" | "meeting") {
                    fields.push((
                        "duration",
                        Value::Int(i64::try_from(60 + self.random.below(3_000)).unwrap_or(60)),
                    ));
                }
                Made { owner: facts.owner, at, fields }
            })
            .collect()
    }

    /// Tasks, open and done.
    pub(crate) fn tasks(&self, customers: &[Uuid], deals: &[Uuid]) -> Vec<Made> {
        let _ = deals;
        (0..self.sizes.tasks)
            .map(|_| {
                let c = self.below(customers.len());
                let facts = &self.names[c];
                let at = self.workday(facts.at.max(self.now.plus_seconds(-90 * 86_400)));
                let due = at.plus_seconds(i64::try_from(self.random.below(30) * 86_400).unwrap_or(0));
                let done = due < self.now && self.chance(80);
                let mut fields = vec![
                    ("customer", Value::Id(customers[c])),
                    (
                        "title",
                        text(format!("{}：{}", talk::task(self.below(talk::TASKS)), self.pick(PRODUCTS))),
                    ),
                    ("due_at", Value::Time(due)),
                    ("status", text(if done { "done" } else { "open" })),
                    ("priority", text(*self.pick(&["low", "normal", "normal", "normal", "high", "urgent"]))),
                ];
                if done {
                    fields.push(("done_at", Value::Time(due)));
                }
                Made { owner: facts.owner, at, fields }
            })
            .collect()
    }
}

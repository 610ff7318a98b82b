//! What is said and written between a company and its customers.

const HABIT: [&str; 6] = [
    "客户偏好上午沟通",
    "决策周期较长，需要逐级审批",
    "对价格敏感，正在比较三家供应商",
    "老客户介绍，信任度高",
    "年底有预算，可重点跟进",
    "对数据安全要求高，需提供等保资质",
];
const LOSS: [&str; 5] =
    ["预算取消", "选择了竞争对手的方案", "项目延期到明年", "价格超出预期", "内部决定自行开发"];
const TASK: [&str; 7] = [
    "发送报价单",
    "回访使用情况",
    "准备方案演示",
    "跟进合同盖章",
    "确认付款进度",
    "邀请参加产品发布会",
    "提交技术答疑",
];
/// How many of each there are.
pub(crate) const HABITS: usize = HABIT.len();
pub(crate) const LOSSES: usize = LOSS.len();
pub(crate) const TASKS: usize = TASK.len();

pub(crate) fn habit(i: usize) -> &'static str {
    HABIT[i % HABITS]
}

pub(crate) fn loss(i: usize) -> &'static str {
    LOSS[i % LOSSES]
}

pub(crate) fn task(i: usize) -> &'static str {
    TASK[i % TASKS]
}

/// The circumstances of one conversation.
pub(crate) struct Said<'a> {
    pub(crate) product: &'a str,
    pub(crate) surname: &'a str,
    pub(crate) price: u64,
    pub(crate) days: u64,
    pub(crate) pick: u64,
}

impl Said<'_> {
    fn of<'b>(&self, list: &[&'b str], salt: u64) -> &'b str {
        let at = (self.pick >> salt) % list.len() as u64;
        list[usize::try_from(at).unwrap_or(0)]
    }

    /// Subject and text.
    pub(crate) fn in_channel(&self, channel: &str) -> (String, String) {
        match channel {
            "email" => self.mail(),
            "call" => self.call(),
            "chat" => self.chat(),
            "meeting" => self.meeting(),
            _ => self.note(),
        }
    }

    fn mail(&self) -> (String, String) {
        let Self { product, surname, price, days, .. } = self;
        let subject = self.of(
            &["报价确认", "合同条款讨论", "售后问题反馈", "项目进度同步", "发票信息核对", "技术方案答疑"],
            3,
        );
        let opening = self.of(
            &[
                "您好，附件是最新的方案，请查收。",
                "感谢昨天的接待，几点结论整理如下。",
                "关于上次提到的问题，回复如下。",
            ],
            9,
        );
        let middle = self.of(
            &[
                "折扣可以再谈，但需要在月底前签约。",
                "实施团队可以提前进场，先做数据迁移。",
                "接口文档已更新，请信息部同事确认。",
                "保密协议请法务过目后回传。",
            ],
            17,
        );
        (
            format!("{product}：{subject}"),
            format!(
                "{surname}总：\n{opening}\n{product}总价{price}万元，含一年维护，交付周期{days}个工作日。{middle}\n如有疑问请随时联系。"
            ),
        )
    }

    fn call(&self) -> (String, String) {
        let Self { product, surname, price, days, .. } = self;
        let mood = self.of(
            &["客户意向较强", "客户仍在犹豫", "客户希望再便宜一些", "客户反馈使用顺畅", "客户抱怨响应太慢"],
            5,
        );
        let next = self
            .of(&["约好下周上门演示", "三天后再电话确认", "把案例资料发到邮箱", "请技术同事加入沟通"], 13);
        (
            format!("与{surname}经理电话沟通{product}"),
            format!(
                "{mood}。{surname}经理询问{product}的价格和实施时间，已告知预算约{price}万元、{days}天上线。{next}。"
            ),
        )
    }

    fn chat(&self) -> (String, String) {
        let Self { product, surname, price, days, .. } = self;
        let ask = self.of(
            &["最低能做到多少？", "什么时候可以试用？", "能不能对接我们的系统？", "数据放在哪里，安全吗？"],
            7,
        );
        (
            format!("微信：{product}咨询"),
            format!(
                "客户：你好，想了解一下{product}。\n我方：{surname}总您好，资料已发您。\n客户：{ask}\n我方：标准版{price}万，{days}天内可以开通，数据加密存放，您的管理员也看不到原文。"
            ),
        )
    }

    fn meeting(&self) -> (String, String) {
        let Self { product, surname, price, days, .. } = self;
        let place = self.of(&["客户会议室", "我司展厅", "线上会议"], 11);
        (
            format!("{product}方案评审会"),
            format!(
                "地点：{place}。参会：{surname}总及信息部、采购部。议题：{product}总体方案。结论：一、范围确认；二、预算控制在{price}万元以内；三、{days}天内给出实施计划；四、安全与等保要求写入合同。"
            ),
        )
    }

    fn note(&self) -> (String, String) {
        let Self { product, surname, price, .. } = self;
        let hint = self.of(
            &["竞品报价更低", "审批卡在财务", "年底前有望签约", "需要高层拜访", "可推荐给其关联公司"],
            15,
        );
        (
            format!("内部记录：{hint}"),
            format!("{surname}总对{product}认可，{hint}。预计金额{price}万元，建议保持每两周一次联系。"),
        )
    }
}

//! Words that Chinese companies and people are made of. All invented combinations; no real person or company.

pub(crate) const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田",
    "董", "袁", "潘", "于", "蒋", "蔡", "余", "杜",
];
pub(crate) const GIVEN: &[&str] = &[
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超",
    "秀英", "霞", "平", "刚", "桂英", "建国", "建军", "志强", "志远", "海燕", "晓明", "晓东", "雪梅", "丽华",
    "文博", "子轩", "雨桐", "浩然", "欣怡", "梓涵", "一诺", "思远", "嘉怡", "俊杰", "宇航", "佳琪", "立新",
    "春梅", "国栋", "玉兰", "晨曦", "若曦", "振华",
];
pub(crate) const BRANDS: &[&str] = &[
    "华信", "恒达", "鼎盛", "瑞丰", "中联", "金桥", "远航", "宏图", "天成", "博雅", "万象", "新锐", "佳美",
    "康源", "绿洲", "海纳", "众诚", "星辰", "启明", "合力", "广源", "兴业", "安泰", "德润", "汇通", "锦程",
    "蓝海", "立信", "明德", "诺亚", "普惠", "清源", "融创", "盛世", "泰和", "同方", "威科", "先锋", "雅居",
    "正大", "卓越", "智联", "百川", "东升", "凯旋", "南山", "长青", "白云",
];
pub(crate) const SECOND: &[&str] =
    &["", "", "", "科", "达", "美", "源", "邦", "通", "元", "嘉", "晟", "航", "泽", "宇", "霖"];
pub(crate) const CITIES: &[(&str, &str, &str)] = &[
    ("上海", "shanghai", "上海市浦东新区世纪大道"),
    ("北京", "beijing", "北京市朝阳区建国路"),
    ("深圳", "guangdong", "广东省深圳市南山区科技园路"),
    ("广州", "guangdong", "广东省广州市天河区体育西路"),
    ("杭州", "zhejiang", "浙江省杭州市西湖区文三路"),
    ("南京", "jiangsu", "江苏省南京市鼓楼区中山路"),
    ("苏州", "jiangsu", "江苏省苏州市工业园区星湖街"),
    ("宁波", "zhejiang", "浙江省宁波市鄞州区天童北路"),
    ("成都", "sichuan", "四川省成都市高新区天府大道"),
    ("武汉", "hubei", "湖北省武汉市洪山区珞喻路"),
    ("西安", "shaanxi", "陕西省西安市雁塔区高新路"),
    ("青岛", "shandong", "山东省青岛市市南区香港中路"),
    ("长沙", "hunan", "湖南省长沙市岳麓区麓谷大道"),
    ("合肥", "anhui", "安徽省合肥市蜀山区望江西路"),
    ("厦门", "fujian", "福建省厦门市思明区湖滨南路"),
    ("天津", "tianjin", "天津市河西区友谊路"),
];
/// (field of business, option of the industry field).
pub(crate) const TRADES: &[(&str, &str)] = &[
    ("精密机械", "manufacturing"),
    ("电子科技", "manufacturing"),
    ("自动化设备", "manufacturing"),
    ("新材料", "manufacturing"),
    ("信息技术", "software"),
    ("网络科技", "software"),
    ("数据服务", "software"),
    ("商贸", "retail"),
    ("百货", "retail"),
    ("供应链管理", "logistics"),
    ("国际物流", "logistics"),
    ("医疗器械", "healthcare"),
    ("生物医药", "healthcare"),
    ("教育咨询", "education"),
    ("文化传播", "education"),
    ("建筑工程", "construction"),
    ("装饰设计", "construction"),
    ("新能源", "energy"),
    ("环保科技", "energy"),
    ("食品", "agriculture"),
    ("农业发展", "agriculture"),
    ("融资租赁", "finance"),
];
pub(crate) const PRODUCTS: &[&str] = &[
    "协同办公平台",
    "智能仓储系统",
    "数据备份一体机",
    "客户沟通系统",
    "电子签章服务",
    "视频会议终端",
    "生产执行系统",
    "门店管理系统",
];
pub(crate) const TITLES: &[(&str, &str)] = &[
    ("总经理", "decision"),
    ("副总经理", "decision"),
    ("采购经理", "influencer"),
    ("采购主管", "gatekeeper"),
    ("信息部经理", "influencer"),
    ("财务总监", "decision"),
    ("行政主管", "gatekeeper"),
    ("项目经理", "user"),
    ("运营总监", "influencer"),
    ("技术工程师", "user"),
];
/// Second and third digits of mobile numbers in use.
pub(crate) const PREFIXES: &[&str] =
    &["136", "137", "138", "139", "150", "151", "158", "159", "177", "180", "186", "188", "189"];

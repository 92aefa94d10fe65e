extension Homeland {
    static let japan = Homeland(
        code: "JP", script: .japanese, share: 140, names: ["Japan", "日本", "JP", "JPN"],
        women: Name.list(
            """
            陽菜/Hina, 美咲/Misaki, 葵/Aoi, さくら/Sakura, 結衣/Yui, 由美子/Yumiko, 恵子/Keiko, 和子/Kazuko, 裕子/Yuko, \
            直美/Naomi, 真由美/Mayumi, 智子/Tomoko, 愛/Ai, 彩/Aya, 七海/Nanami, 千尋/Chihiro, 明美/Akemi, 久美子/Kumiko, \
            洋子/Yoko, 舞/Mai, 麻衣/Mai, 凛/Rin, 花子/Hanako, ゆかり/Yukari
            """),
        men: Name.list(
            """
            翔太/Shota, 大輔/Daisuke, 健太/Kenta, 拓也/Takuya, 誠/Makoto, 浩/Hiroshi, 隆/Takashi, 学/Manabu, 蓮/Ren, \
            大翔/Hiroto, 陽翔/Haruto, 直樹/Naoki, 和也/Kazuya, 健一/Kenichi, 茂/Shigeru, 勇気/Yuki, 亮/Ryo, 翼/Tsubasa, \
            悠斗/Yuto, 哲也/Tetsuya, 雄一/Yuichi, 太郎/Taro
            """),
        families: Name.list(
            """
            佐藤/Sato, 鈴木/Suzuki, 高橋/Takahashi, 田中/Tanaka, 伊藤/Ito, 渡辺/Watanabe, 山本/Yamamoto, 中村/Nakamura, \
            小林/Kobayashi, 加藤/Kato, 吉田/Yoshida, 山田/Yamada, 佐々木/Sasaki, 山口/Yamaguchi, 松本/Matsumoto, \
            井上/Inoue, 木村/Kimura, 林/Hayashi, 斎藤/Saito, 清水/Shimizu, 山崎/Yamazaki, 森/Mori, 池田/Ikeda, \
            橋本/Hashimoto, 阿部/Abe, 石川/Ishikawa, 山下/Yamashita, 中島/Nakajima, 石井/Ishii, 小川/Ogawa, 前田/Maeda, \
            岡田/Okada, 長谷川/Hasegawa, 藤田/Fujita, 後藤/Goto, 近藤/Kondo, 村上/Murakami, 遠藤/Endo
            """),
        places: Place.list(
            """
            東京都 | 渋谷区神宮前 | 150-0001 | 03-3###-####
            東京都 | 新宿区西新宿 | 160-0023 | 03-3###-####
            東京都 | 世田谷区太子堂 | 154-0004 | 03-3###-####
            東京都 | 中野区中野 | 164-0001 | 03-3###-####
            東京都 | 江東区豊洲 | 135-0061 | 03-3###-####
            東京都 | 杉並区阿佐谷南 | 166-0004 | 03-3###-####
            東京都 | 台東区浅草 | 111-0032 | 03-3###-####
            大阪市 | 北区梅田 | 530-0001 | 06-6###-#### | 大阪府
            大阪市 | 天王寺区上本町 | 543-0001 | 06-6###-#### | 大阪府
            吹田市 | 千里山東 | 565-0842 | 06-6###-#### | 大阪府
            横浜市 | 西区みなとみらい | 220-0012 | 045-2##-#### | 神奈川県
            川崎市 | 中原区小杉町 | 211-0063 | 044-7##-#### | 神奈川県
            名古屋市 | 中区栄 | 460-0008 | 052-2##-#### | 愛知県
            京都市 | 中京区河原町 | 604-8005 | 075-2##-#### | 京都府
            札幌市 | 中央区北一条西 | 060-0001 | 011-2##-#### | 北海道
            福岡市 | 博多区博多駅前 | 812-0011 | 092-4##-#### | 福岡県
            北九州市 | 小倉北区浅野 | 802-0001 | 093-5##-#### | 福岡県
            仙台市 | 青葉区一番町 | 980-0811 | 022-2##-#### | 宮城県
            広島市 | 中区紙屋町 | 730-0031 | 082-2##-#### | 広島県
            神戸市 | 中央区三宮町 | 650-0021 | 078-3##-#### | 兵庫県
            さいたま市 | 大宮区桜木町 | 330-0854 | 048-6##-#### | 埼玉県
            千葉市 | 中央区富士見 | 260-0015 | 043-2##-#### | 千葉県
            静岡市 | 葵区追手町 | 420-0853 | 054-2##-#### | 静岡県
            那覇市 | 久茂地 | 900-0015 | 098-8##-#### | 沖縄県
            金沢市 | 香林坊 | 920-0961 | 076-2##-#### | 石川県
            新潟市 | 中央区万代 | 950-0088 | 025-2##-#### | 新潟県
            熊本市 | 中央区手取本町 | 860-0808 | 096-3##-#### | 熊本県
            """),
        streets: [
            "メゾン桜", "グリーンハイツ", "サンライズマンション", "コーポ青葉", "パークハイム", "ひかり荘", "シティタワー", "第二山田ビル",
        ],
        addresses: [
            "{region}{city}{district}{9}-{20}-{20}", "{city}{district}{9}-{20}-{20}",
            "{region}{city}{district}{9}丁目{20}番{20}号",
            "{region}{city}{district}{9}-{20}-{20} {street}{12}0{9}号室",
            "{city}{district}{9}-{20}-{20} {street} {9}0{9}",
        ],
        dialling: DiallingPlan(
            callingCode: "81", trunk: "0", mobiles: ["090-####-####", "080-####-####", "070-####-####"],
            separators: ["-"], writesZeroZero: false),
        dates: [.iso, .iso, .iso, .slashes, .slashes, .ideographs, .japaneseEra], offset: 9)
}

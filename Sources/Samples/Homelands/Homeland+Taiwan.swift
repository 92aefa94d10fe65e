extension Homeland {
    static let taiwan = Homeland(
        code: "TW", script: .chinese, share: 300, names: ["Taiwan", "台灣", "臺灣", "TW", "TWN"],
        women: Name.list(
            """
            怡君/Yi-Chun, 淑芬/Shu-Fen, 雅婷/Ya-Ting, 美玲/Mei-Ling, 欣怡/Hsin-Yi, 佳穎/Chia-Ying, 淑惠/Shu-Hui, \
            雅雯/Ya-Wen, 詩涵/Shih-Han, 宜庭/Yi-Ting, 佩珊/Pei-Shan, 麗華/Li-Hua, 秀英/Hsiu-Ying, 心怡/Hsin-Yi, \
            思妤/Szu-Yu, 品妍/Pin-Yen, 子晴/Tzu-Ching, 筱涵/Hsiao-Han, 婉婷/Wan-Ting, 惠雯/Hui-Wen, 靜宜/Ching-Yi, \
            玉珍/Yu-Chen, 鈺婷/Yu-Ting, 珮瑜/Pei-Yu, 慧君/Hui-Chun, 家瑜/Chia-Yu, 孟潔/Meng-Chieh, 郁婷/Yu-Ting
            """),
        men: Name.list(
            """
            志明/Chih-Ming, 家豪/Chia-Hao, 俊傑/Chun-Chieh, 建宏/Chien-Hung, 冠宇/Kuan-Yu, 承恩/Cheng-En, \
            宗翰/Tsung-Han, 柏翰/Po-Han, 彥廷/Yen-Ting, 志偉/Chih-Wei, 文雄/Wen-Hsiung, 俊宏/Chun-Hung, \
            信宏/Hsin-Hung, 品睿/Pin-Jui, 宇軒/Yu-Hsuan, 子翔/Tzu-Hsiang, 明哲/Ming-Che, 建志/Chien-Chih, \
            國華/Kuo-Hua, 育誠/Yu-Cheng, 哲瑋/Che-Wei, 智凱/Chih-Kai, 冠廷/Kuan-Ting, 金龍/Chin-Lung
            """),
        families: Name.list(
            """
            陳/Chen, 林/Lin, 黃/Huang, 張/Chang, 李/Li, 王/Wang, 吳/Wu, 劉/Liu, 蔡/Tsai, 楊/Yang, 許/Hsu, 鄭/Cheng, \
            謝/Hsieh, 郭/Kuo, 洪/Hung, 曾/Tseng, 邱/Chiu, 廖/Liao, 賴/Lai, 周/Chou, 徐/Hsu, 蘇/Su, 葉/Yeh, 莊/Chuang, \
            呂/Lu, 江/Chiang, 何/Ho, 蕭/Hsiao, 羅/Lo, 高/Kao, 潘/Pan, 簡/Chien, 朱/Chu, 鍾/Chung, 游/Yu, 詹/Chan, \
            胡/Hu, 施/Shih, 沈/Shen, 余/Yu, 盧/Lu, 歐陽/Ouyang
            """),
        places: Place.list(
            """
            台北市 | 中正區 | 100 | 02-2###-####
            台北市 | 大同區 | 103 | 02-2###-####
            台北市 | 中山區 | 104 | 02-2###-####
            台北市 | 松山區 | 105 | 02-2###-####
            台北市 | 大安區 | 106 | 02-2###-####
            台北市 | 萬華區 | 108 | 02-2###-####
            台北市 | 信義區 | 110 | 02-2###-####
            台北市 | 士林區 | 111 | 02-2###-####
            台北市 | 北投區 | 112 | 02-2###-####
            台北市 | 內湖區 | 114 | 02-8###-####
            台北市 | 文山區 | 116 | 02-2###-####
            新北市 | 板橋區 | 220 | 02-2###-####
            新北市 | 汐止區 | 221 | 02-8###-####
            新北市 | 新店區 | 231 | 02-2###-####
            新北市 | 中和區 | 235 | 02-2###-####
            新北市 | 三重區 | 241 | 02-2###-####
            新北市 | 新莊區 | 242 | 02-2###-####
            新北市 | 淡水區 | 251 | 02-2###-####
            桃園市 | 中壢區 | 320 | 03-4##-####
            桃園市 | 桃園區 | 330 | 03-3##-####
            桃園市 | 龜山區 | 333 | 03-3##-####
            台中市 | 西區 | 403 | 04-2###-####
            台中市 | 北屯區 | 406 | 04-2###-####
            台中市 | 西屯區 | 407 | 04-2###-####
            台中市 | 南屯區 | 408 | 04-2###-####
            台中市 | 豐原區 | 420 | 04-2###-####
            台南市 | 中西區 | 700 | 06-2##-####
            台南市 | 東區 | 701 | 06-2##-####
            台南市 | 永康區 | 710 | 06-2##-####
            高雄市 | 苓雅區 | 802 | 07-3##-####
            高雄市 | 三民區 | 807 | 07-3##-####
            高雄市 | 左營區 | 813 | 07-5##-####
            高雄市 | 鳳山區 | 830 | 07-7##-####
            新竹市 | 東區 | 300 | 03-5##-####
            新竹縣 | 竹北市 | 302 | 03-5##-####
            基隆市 | 仁愛區 | 200 | 02-24##-####
            彰化縣 | 彰化市 | 500 | 04-7##-####
            嘉義市 | 西區 | 600 | 05-2##-####
            屏東縣 | 屏東市 | 900 | 08-7##-####
            宜蘭縣 | 羅東鎮 | 265 | 03-9##-####
            花蓮縣 | 花蓮市 | 970 | 03-8##-####
            台東縣 | 台東市 | 950 | 089-3#-####
            """),
        streets: [
            "中山路", "中正路", "民生路", "民權路", "民族路", "和平路", "復興路", "建國路", "光復路", "信義路", "忠孝路", "仁愛路", "成功路", "自由路",
            "文化路", "博愛路", "大同街", "永和街", "福德街", "育英街", "三民路", "新生路", "南京路", "長安街",
        ],
        addresses: [
            "{district}{street}{300}號", "{district}{street}{200}號{12}樓", "{city}{district}{street}{section}段{300}號",
            "{city}{district}{street}{section}段{300}號{14}樓", "{city}{district}{street}{section}段{150}號{12}樓之{9}",
            "{district}{street}{200}巷{40}號", "{city}{district}{street}{300}巷{30}弄{40}號{5}樓",
        ],
        dialling: DiallingPlan(
            callingCode: "886", trunk: "0", mobiles: ["09##-###-###"], separators: ["-", "-", "-", " "],
            writesZeroZero: false),
        dates: [.iso, .iso, .iso, .slashes, .slashes, .ideographs, .republicEra], offset: 8)
}

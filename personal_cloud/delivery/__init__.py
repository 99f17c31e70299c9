"""自行下載 / 臨櫃核驗 / 線上服務: the ways in which a parcel leaves."""

package gate

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"strings"

	"muster/internal/errs"
)

// The dialect hides numbers of identity documents by AES-256-CBC with PKCS#7;
// the key is the 32 characters of the secret, the first 16 of them are the IV of
// every message (devices.md §1.1). Equal numbers look equal: good enough for the
// dialect, not for storage.

// RealNameSeal hides a number as the dialect does; errs.Fix when the secret does
// not have 32 characters.
func RealNameSeal(secret []byte, plain string) (string, error) {
	block, err := realNameCipher(secret)
	if err != nil {
		return "", err
	}
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	text := []byte(plain + strings.Repeat(string(rune(pad)), pad))
	cipher.NewCBCEncrypter(block, secret[:aes.BlockSize]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(text), nil
}

// RealNameOpen reads a hidden number; errs.Fix when it is none.
func RealNameOpen(secret []byte, sealed string) (string, error) {
	block, err := realNameCipher(secret)
	if err != nil {
		return "", err
	}
	broken := errs.New(errs.Fix, "aes", "证件号码解不开，请核对 AES 加密（AES-256-CBC，PKCS7，密钥为 appsecret，偏移量为其前 16 位）")
	text, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(text) == 0 || len(text)%aes.BlockSize != 0 {
		return "", broken
	}
	cipher.NewCBCDecrypter(block, secret[:aes.BlockSize]).CryptBlocks(text, text)
	pad := int(text[len(text)-1])
	if pad == 0 || pad > aes.BlockSize {
		return "", broken
	}
	plain, padding := text[:len(text)-pad], text[len(text)-pad:]
	for _, b := range padding {
		if int(b) != pad {
			return "", broken
		}
	}
	for _, b := range plain { // another key: the padding is right once in 256 times
		if b < ' ' || b > '~' {
			return "", broken
		}
	}
	return string(plain), nil
}

func realNameCipher(secret []byte) (cipher.Block, error) {
	if len(secret) != 32 {
		return nil, errs.New(errs.Fix, "secret_length", "appsecret 应为 32 个字符")
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, errs.New(errs.Internal, "aes", "不能使用 AES").Because(err)
	}
	return block, nil
}

// document opens the number of an identity document. Some labour systems send it
// in clear; what looks like a citizen's number is taken as one.
func (d Device) document(kind, number loose) (IDDocument, error) {
	text := strings.TrimSpace(string(number))
	if text == "" {
		return IDDocument{}, errs.New(errs.Fix, "id_missing", "不能为空")
	}
	if len(text) <= 18 && strings.Trim(upper(text), "0123456789X") == "" {
		return IDDocument{Kind: string(kind), Number: upper(text)}, nil
	}
	plain, err := RealNameOpen(d.Secret, text)
	if err != nil {
		return IDDocument{}, err
	}
	return IDDocument{Kind: string(kind), Number: upper(plain)}, nil
}

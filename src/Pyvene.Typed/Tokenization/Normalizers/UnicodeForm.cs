namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>A normalisation form of Unicode.</summary>
internal enum UnicodeForm
{
    /// <summary>Composed.</summary>
    Nfc,

    /// <summary>Decomposed.</summary>
    Nfd,

    /// <summary>Composed, without compatibility characters.</summary>
    Nfkc,

    /// <summary>Decomposed, without compatibility characters.</summary>
    Nfkd,
}

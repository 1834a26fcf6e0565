namespace Pyvene.Typed.Checkpoints.Hub;

/// <summary>Says where models are fetched from and kept. The defaults are read from the variables that Hugging Face's own tools use.</summary>
public sealed record HubOptions
{
    /// <summary>Gets the address of the hub.</summary>
    /// <value><c>HF_ENDPOINT</c>; by default the public hub. It must be HTTPS, or lie on this machine.</value>
    public Uri Endpoint { get; init; } = new(Variable("HF_ENDPOINT") ?? "https://huggingface.co");

    /// <summary>Gets the folder that files are kept in, in the layout of Hugging Face's tools, which share it.</summary>
    /// <value><c>HF_HUB_CACHE</c>, else <c>HF_HOME/hub</c>, else <c>~/.cache/huggingface/hub</c>.</value>
    public string CacheFolder { get; init; } = Variable("HF_HUB_CACHE")
        ?? Path.Combine(Variable("HF_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "huggingface"), "hub");

    /// <summary>Gets the token that private models need; it is sent to <see cref="Endpoint"/> alone.</summary>
    /// <value><c>HF_TOKEN</c>.</value>
    public string? Token { get; init; } = Variable("HF_TOKEN");

    /// <summary>Gets whether only files that are kept already are used.</summary>
    /// <value><c>HF_HUB_OFFLINE</c>: 1, on, true or yes.</value>
    public bool IsOffline { get; init; } = Variable("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "TRUE" or "YES";

    /// <summary>Gets the largest file that is fetched, in bytes.</summary>
    /// <value>64 GiB.</value>
    public long LargestFile { get; init; } = 64L << 30;

    /// <summary>
    /// Gets how long the hub may take to send the head of an answer, a listing, or the next 64 KiB of a file; a slower one is given up, and a download goes on
    /// there the next time.
    /// </summary>
    /// <value>60 seconds.</value>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(60);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

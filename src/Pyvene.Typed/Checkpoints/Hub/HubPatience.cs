using System.Globalization;

namespace Pyvene.Typed.Checkpoints.Hub;

/// <summary>Gives up a hub that sends nothing, or a little now and then.</summary>
/// <param name="limit">How long one step may take.</param>
/// <param name="cancellation">The caller's own wish to stop.</param>
internal sealed class HubPatience(TimeSpan limit, CancellationToken cancellation)
{
    /// <summary>How much of a body must come within the limit, unless it ends before.</summary>
    public const int LeastProgress = 1 << 16;

    /// <summary>Does one step.</summary>
    /// <param name="step">The step; it stops when the token says so.</param>
    /// <param name="extra">How much longer it may take, such as for a body that is sent.</param>
    /// <exception cref="IOException">The step took longer than the limit.</exception>
    /// <exception cref="OperationCanceledException">The caller wishes to stop.</exception>
    public async Task<T> DoAsync<T>(Func<CancellationToken, Task<T>> step, TimeSpan extra = default)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(limit + extra);
        try
        {
            return await step(timer.Token);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"the hub made no progress for {(limit + extra).TotalSeconds:0.##} seconds "
                + $"(HubOptions.LongestSilence)."), error);
        }
    }

    /// <summary>Fills a buffer with at least <see cref="LeastProgress"/> bytes, or with what is left of a stream.</summary>
    /// <returns>The number of bytes; less only at the end.</returns>
    public Task<int> ReadAsync(Stream stream, Memory<byte> buffer) =>
        DoAsync(token => stream.ReadAtLeastAsync(buffer, Math.Min(LeastProgress, buffer.Length), throwOnEndOfStream: false, token).AsTask());
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Hub;

/// <summary>Reads what a hub tells about a file, and checks the file against it.</summary>
internal static class HubFile
{
    /// <summary>Returns the file's tag: its SHA-256 for large files, the SHA-1 of its Git blob for others; <see langword="null"/> when the answer has none that
    /// can be checked.</summary>
    public static string? TagOf(HttpResponseMessage response)
    {
        var tag = (Header(response, "X-Linked-Etag") ?? response.Headers.ETag?.Tag)?.Trim('"');
        return tag is not null && IsSum(tag) ? tag : null;
    }

    /// <summary>Returns whether a text has the form of a tag that can be checked.</summary>
    /// <param name="tag">The text.</param>
    public static bool IsSum(string tag) => tag.Length is 40 or 64 && tag.All(char.IsAsciiHexDigitLower);

    /// <summary>Returns the file's size in bytes.</summary>
    public static long? SizeOf(HttpResponseMessage response) =>
        Header(response, "X-Linked-Size") is { } linked
            ? long.TryParse(linked, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null
            : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength : null;

    /// <summary>Reads an answer that is kept in memory.</summary>
    /// <exception cref="CheckpointException">It is longer than is allowed.</exception>
    /// <exception cref="IOException">It does not come within the time that is allowed.</exception>
    public static Task<byte[]> ReadAsync(HttpResponseMessage response, long longest, string name, HubPatience patience) => patience.DoAsync(async token =>
    {
        await using var stream = await response.Content.ReadAsStreamAsync(token);
        using var bounded = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await stream.ReadAsync(buffer, token)) > 0;)
        {
            bounded.Write(buffer, 0, read);
            if (bounded.Length > longest)
            {
                throw new CheckpointException(name, $"The hub's answer is longer than {longest} bytes.");
            }
        }

        return bounded.ToArray();
    });

    /// <summary>Checks a file; a wrong one is emptied, so that the next attempt starts again.</summary>
    /// <exception cref="CheckpointException">The checksum is another than the tag.</exception>
    public static async Task CheckAsync(FileStream stream, string tag, string name, string file, CancellationToken cancellation)
    {
        stream.Position = 0;
        var actual = await SumAsync(stream, stream.Length, tag.Length, cancellation);
        if (actual != tag)
        {
            stream.SetLength(0);
            throw new CheckpointException(name, $"'{file}' was fetched, but its checksum is {actual} where the hub tells {tag}. It is not kept; try again.");
        }
    }

    /// <summary>Returns the checksum of a file in the form of its tag.</summary>
    /// <param name="stream">The file, at its start.</param>
    /// <param name="length">Its length in bytes; no more is read.</param>
    /// <param name="digits">The length of the tag: 64 for SHA-256, 40 for the SHA-1 of a Git blob.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<string> SumAsync(Stream stream, long length, int digits, CancellationToken cancellation)
    {
        using var sum = IncrementalHash.CreateHash(digits == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (digits == 40)
        {
            // Git hashes a blob with its length before it
            sum.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {length}\0")));
        }

        var buffer = new byte[1 << 20];
        for (int read; length > 0
            && (read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), cancellation)) > 0; length -= read)
        {
            sum.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}

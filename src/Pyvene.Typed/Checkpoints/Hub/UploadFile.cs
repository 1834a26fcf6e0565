using System.Security.Cryptography;
using Pyvene.Typed.Files;

namespace Pyvene.Typed.Checkpoints.Hub;

/// <summary>Is a file of a folder that goes to a hub.</summary>
/// <param name="Place">Where it lies.</param>
/// <param name="Name">Its path in the repository, with slashes.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record UploadFile(string Place, string Name, long Size)
{
    private const int SampleSize = 512;

    /// <summary>Returns the files of a folder and of the folders in it, by name; hidden ones, and links, which may lead elsewhere, are left out.</summary>
    /// <param name="folder">The folder.</param>
    public static IReadOnlyList<UploadFile> In(string folder)
    {
        var rules = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        return [.. new DirectoryInfo(folder).EnumerateFiles("*", rules)
            .Select(file => new UploadFile(file.FullName, Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length))
            .Where(file => !file.Name.Split('/').Any(part => part.StartsWith('.')))
            .OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    /// <summary>Returns the first bytes, by which the hub decides where the file goes.</summary>
    public byte[] Sample()
    {
        using var stream = Open();
        var sample = new byte[Math.Min(SampleSize, stream.Length)];
        stream.ReadExactly(sample);
        return sample;
    }

    /// <summary>Returns the SHA-256 of the file, by which the store names it.</summary>
    public async Task<string> SumAsync(CancellationToken cancellation)
    {
        await using var stream = Open();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    /// <summary>Returns a part of the file as the body of a request.</summary>
    /// <param name="start">The first byte.</param>
    /// <param name="length">The number of bytes.</param>
    public HttpContent Part(long start, long length)
    {
        var content = new StreamContent(new FilePart(Open(), start, length));
        content.Headers.ContentLength = length;
        return content;
    }

    /// <summary>Returns the whole file.</summary>
    public byte[] Content()
    {
        using var stream = Open();
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>Opens the file; one without content is not opened, for it may be a pipe.</summary>
    private Stream Open() => Size == 0 ? new MemoryStream() : RegularFile.OpenStream(Place, RegularFile.SystemError(Place));
}
